"""The filters of the orientation: what each reads of a row, its values, and how both are told."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms

from maisons import heures
from maisons.forms import NO_DAY, DayField
from maisons.forms.refus import UNKNOWN
from maisons.models import Theme
from permanences.langues import OWN_NAMES
from permanences.models import Besoin

YES = "oui"


@dataclass(frozen=True)
class Facet:
    """A filter by one of some values; `read` gives all those that a row has."""

    name: str  # in the address
    legend: str
    words: dict  # {value: in words}
    read: Callable

    def keeps(self, row, value):
        return value in self.read(row)

    def field(self):
        return one_of(self.words)


def one_of(words):
    return forms.ChoiceField(choices=list(words.items()), required=False, error_messages=UNKNOWN)


def facets(quartiers, maisons):
    """In the order of the form; of `{slug: name}`."""
    return [
        Facet("besoin", "Besoin", dict(Besoin.choices), lambda row: service(row).besoins),
        Facet("theme", "Thème", dict(Theme.choices), lambda row: [service(row).theme]),
        Facet("quartier", "Quartier", quartiers, lambda row: slugs(row.quartier)),
        Facet("maison", "Maison", maisons, lambda row: slugs(row.maison)),
        Facet("langue", "Langue", OWN_NAMES, lambda row: row.permanence.spoken),
        Facet("sans_rdv", "Comment venir", {YES: "sans rendez-vous"}, drops_in),
        Facet("plain_pied", "Accès", {YES: "de plain-pied"}, steps_free),
    ]


def service(row):
    return row.permanence.service


def slugs(place):
    return [place.slug] if place else []


def drops_in(row):
    return [YES] if row.permanence.drop_in else []


def steps_free(row):
    return [YES] if row.plain_pied else []


class OrientationForm(forms.Form):
    """The query string of the page; every field may be left out."""

    jour = one_of({name: name for name in heures.WEEKDAYS})
    du = DayField(label="À partir du", required=False, error_messages=NO_DAY)

    def __init__(self, query, facets, quartiers):
        super().__init__(query)
        self.fields |= {facet.name: facet.field() for facet in facets}
        self.fields["pres_de"] = one_of(quartiers)
