"""The filters of the agenda: what each asks of a créneau, its values, and how both are told."""

from dataclasses import dataclass
from datetime import date, timedelta

from django import forms
from django.contrib.postgres.search import SearchQuery
from django.db.models import Func, Q, TextField, Value
from django.utils import timezone

from maisons import heures, natures
from maisons.forms import NO_DAY, DayField
from maisons.forms.refus import UNKNOWN
from maisons.models import LASTING, Public, Theme

LONGEST = 92  # days of a window
OLDEST = 120  # years
AGE = f"Écrivez un âge en années, de 0 à {OLDEST}."


@dataclass(frozen=True)
class Facet:
    """A filter by listed values, several at once."""

    name: str  # in the address
    legend: str
    lookup: str
    values: dict  # {in the address: (in the table, in words)}
    several: bool = False  # a row may have more than one value: then read as « a,b »

    @property
    def column(self):
        if self.several:
            return Func(self.name, Value(","), function="array_to_string", output_field=TextField())
        return self.name

    def keys(self, chosen):
        return {self.values[value][0] for value in chosen}

    def condition(self, chosen):
        return Q(**{self.lookup: sorted(self.keys(chosen))})

    def misses(self, chosen):
        """Whether what is read of a row is none of those chosen, as a function."""
        keys = self.keys(chosen)
        if self.several:
            return lambda read: keys.isdisjoint(read.split(","))
        return lambda read: read not in keys

    def count(self, counts, key):
        """How many rows have this value, alone or among others."""
        if self.several:
            return sum(number for read, number in counts.items() if key in read.split(","))
        return counts.get(key, 0)

    def words(self, value):
        return self.values[value][1]

    def field(self):
        choices = [(value, words) for value, (_, words) in self.values.items()]
        return forms.MultipleChoiceField(
            choices=choices, required=False, error_messages=UNKNOWN, label=self.legend
        )


def facets(quartiers, maisons):
    """Those beside whose values stands a count, in the order of the form."""
    return [
        Facet("quartier", "Quartier", "quartier__in", places(quartiers)),
        Facet("maison", "Maison", "maison__in", places(maisons)),
        Facet("nature", "Quoi", "nature__in", public_natures()),
        Facet("theme", "Thème", "theme__in", words_of(Theme)),
        Facet("public", "Pour qui", "public__overlap", words_of(Public), several=True),
        Facet("gratuit", "Prix", "gratuit__in", {"oui": (True, "Gratuit")}),
        Facet("plain_pied", "Accès", "plain_pied__in", {"oui": (True, "De plain-pied")}),
    ]


def places(rows):
    return {row.slug: (row.pk, row.nom) for row in rows}


def words_of(choices):
    return {value: (value, words.capitalize()) for value, words in choices.choices}


def public_natures():
    registered = natures.registry().values()
    return {nature.key: (nature.key, nature.plural) for nature in registered if nature.public}


def weekdays(chosen):
    """By the day of its start; what goes on for days is on each."""
    ranks = [heures.WEEKDAYS.index(name) + 1 for name in chosen]
    return LASTING | Q(debut__iso_week_day__in=ranks)


def age(years):
    """What says no age takes everybody."""
    youngest = Q(age_min=None) | Q(age_min__lte=years)
    return youngest & (Q(age_max=None) | Q(age_max__gte=years))


def worded(words):
    query = SearchQuery(words, config="french_unaccent", search_type="websearch")
    return Q(recherche=query)


class AgendaForm(forms.Form):
    """The query string of the agenda; every field may be left out."""

    q = forms.CharField(label="Mots", max_length=100, required=False)
    du = DayField(label="À partir du", required=False, error_messages=NO_DAY)
    au = DayField(label="Jusqu’au", required=False, error_messages=NO_DAY)
    mois = forms.CharField(required=False)
    jour = forms.MultipleChoiceField(
        choices=[(name, name) for name in heures.WEEKDAYS], required=False, error_messages=UNKNOWN
    )
    age = forms.IntegerField(
        label="Âge",
        min_value=0,
        max_value=OLDEST,
        required=False,
        error_messages={"invalid": AGE, "min_value": AGE, "max_value": AGE},
    )

    def __init__(self, query, facets):
        super().__init__(query)
        self.fields |= {facet.name: facet.field() for facet in facets}

    def clean_mois(self):
        """The first day of a month, « 2026-12 » in the address; None in a list of days."""
        typed = self.cleaned_data["mois"]
        try:
            first = date.fromisoformat(f"{typed}-01") if typed else None
        except ValueError:
            first = date.min
        if first and not heures.in_calendar(first):
            raise forms.ValidationError("Ce mois n’existe pas.")
        return first

    def clean(self):
        cleaned = super().clean()
        du, au = self.window(cleaned)
        if au < du:
            self.add_error("au", "La dernière date doit suivre la première.")
        elif (au - du).days >= LONGEST:
            self.add_error("au", f"Choisissez {LONGEST} jours au plus.")

    def window(self, cleaned):
        """The first and last day: those asked for, those of the month, or seven from today."""
        if first := cleaned.get("mois"):
            return first, last_of_month(first)
        du = cleaned.get("du") or timezone.localdate()
        return du, cleaned.get("au") or du + timedelta(days=6)


def last_of_month(first):
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
