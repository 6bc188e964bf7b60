"""The directory of the associations: words, theme, quartier, those that look for help."""

from functools import cached_property
from urllib.parse import urlencode

from django import forms
from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, Value

from associations.models import Association
from maisons.forms.refus import UNKNOWN
from maisons.models import Theme
from quartiers.models import Quartier, SansAccents

ROWS, MANY = 40, 500
ALL = [("", "Tous")]
LONGEST_NAME = Association._meta.get_field("nom").max_length


class AnnuaireForm(forms.Form):
    """The query string; every field may be left out."""

    q = forms.CharField(label="Mots", max_length=100, required=False)
    theme = forms.ChoiceField(
        label="Thème", choices=ALL + Theme.choices, required=False, error_messages=UNKNOWN
    )
    quartier = forms.ChoiceField(label="Quartier", required=False, error_messages=UNKNOWN)
    benevoles = forms.BooleanField(label="Cherche des bénévoles", required=False)

    def __init__(self, query, quartiers):
        super().__init__(query)
        self.fields["quartier"].choices = ALL + [(q.slug, q.nom) for q in quartiers]


class Annuaire:
    """One answer: at most forty associations, by name."""

    def __init__(self, query):
        self.form = AnnuaireForm(query, Quartier.objects.only("slug", "nom"))
        self.faults = {name: " ".join(told) for name, told in self.form.errors.items()}
        self.chosen = self.form.cleaned_data
        self.after = query.get("apres", "").replace("\0", "")[: LONGEST_NAME + 20]

    @property
    def asked(self):
        """The filters that can be read, as the address says them."""
        chosen = self.chosen | {"benevoles": "oui" if self.chosen.get("benevoles") else ""}
        return {name: value for name, value in chosen.items() if value}

    @property
    def rows(self):
        """All that the filters keep."""
        rows = Association.objects.public()
        if words := self.chosen.get("q"):
            kind = {"config": "french_unaccent", "search_type": "websearch"}
            rows = rows.filter(recherche=SearchQuery(words, **kind))
        if theme := self.chosen.get("theme"):
            rows = rows.filter(themes__contains=[theme])
        if slug := self.chosen.get("quartier"):
            rows = rows.filter(quartier__slug=slug)
        if self.chosen.get("benevoles"):
            rows = rows.exclude(benevoles="")
        return rows

    @cached_property
    def number(self):
        """How many, counted to the first after MANY."""
        return self.rows.values("pk")[: MANY + 1].count()

    @cached_property
    def page(self):
        """(the rows shown, the address of the next ones or nothing)."""
        rows = self.rows.annotate(ordre=SansAccents("nom"))
        rows = rows.filter(following(self.after)).select_related("quartier")
        columns = ["nom", "slug", "sigle", "objet", "benevoles", "quartier__nom"]
        found = list(rows.by_name().only(*columns)[: ROWS + 1])
        last = found[ROWS - 1] if len(found) > ROWS else None
        return found[:ROWS], last and self.address(apres=f"{last.pk}-{last.ordre}")

    @property
    def words(self):
        """{filter: what was chosen, in words}, of those that have a value."""
        listed = {name: dict(self.form.fields[name].choices) for name in ("theme", "quartier")}
        chosen = {name: self.chosen.get(name) for name in ("q", *listed)}
        chosen = {name: value for name, value in chosen.items() if value}
        return {name: listed.get(name, {}).get(value, value) for name, value in chosen.items()}

    @property
    def sentence(self):
        """« 12 associations : musique, Les Rives, bénévoles recherchés. »"""
        number = f"plus de {MANY}" if self.number > MANY else self.number or "aucune"
        quoted = {"q": f"«\u00a0{self.chosen.get('q')}\u00a0»"}
        parts = [quoted.get(name, told) for name, told in self.words.items()]
        if self.chosen.get("benevoles"):
            parts.append("bénévoles recherchés")
        filters = f" : {', '.join(parts)}" if parts else ""
        return f"{str(number).capitalize()} association{'s' * (self.number > 1)}{filters}."

    def address(self, **changes):
        """The same list with some parameters changed: an empty one is left out."""
        return f"?{urlencode({k: v for k, v in (self.asked | changes).items() if v})}"

    @property
    def without(self):
        """[(what a filter says, the address without it)]."""
        told = {"benevoles": "Cherche des bénévoles"} | self.words
        return [(told[name], self.address(**{name: ""})) for name in self.asked]


def following(typed):
    """What comes after « 12-les amis »; all of it when that cannot be read."""
    pk, _, name = typed.partition("-")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return Q()
    return Q(ordre__gt=Value(name)) | Q(ordre=Value(name), pk__gt=int(pk))
