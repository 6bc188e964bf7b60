"""A list by name with a form of filters: words, lists, boxes to tick; forty rows a page."""

from copy import copy
from functools import cached_property
from urllib.parse import urlencode

from django import forms
from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, Value

from maisons.forms.refus import UNKNOWN
from maisons.models import Theme
from quartiers.models import Quartier, SansAccents

ROWS, MANY = 40, 500
ALL = [("", "Tous")]


class FilterForm(forms.Form):
    """The query string; every field may be left out."""

    q = forms.CharField(label="Mots", max_length=100, required=False)
    theme = forms.ChoiceField(
        label="Thème", choices=ALL + Theme.choices, required=False, error_messages=UNKNOWN
    )
    quartier = forms.ChoiceField(label="Quartier", required=False, error_messages=UNKNOWN)

    def __init__(self, query, quartiers):
        super().__init__(query)
        self.fields["quartier"].choices = ALL + [(q.slug, q.nom) for q in quartiers]


class Liste:
    """One answer; each list says how its things are called, and what its filters keep."""

    FORM = FilterForm
    NOUN = None  # in the singular, feminine
    NAME = None  # the column by which it is sorted
    BOXES = {}  # {box to tick: what it says of the list once ticked}

    def __init__(self, query):
        self.form = self.FORM(query, Quartier.objects.only("slug", "nom"))
        self.faults = {name: " ".join(told) for name, told in self.form.errors.items()}
        self.chosen = self.form.cleaned_data
        longest = self.model._meta.get_field(self.NAME).max_length
        self.after = query.get("apres", "").replace("\0", "")[: longest + 20]
        self.offer()

    def offer(self):
        """Neither a theme nor a quartier without anything, but for what is asked for (F2)."""
        for name, values in self.there().items():
            field, kept = self.form.fields[name], {"", self.form.data.get(name), *values}
            field.choices = [choice for choice in field.choices if choice[0] in kept]

    @property
    def model(self):
        return self.everything.model

    @property
    def everything(self):
        """The QuerySet without any filter."""
        raise NotImplementedError

    def there(self):
        """{"theme": …, "quartier": …}, those of which there is something."""
        raise NotImplementedError

    def kept(self, rows):
        """What of them the filters of this list keep, but words."""
        raise NotImplementedError

    def shown(self, rows):
        """With what a row of the page reads."""
        return rows

    @property
    def asked(self):
        """The filters that can be read, as the address says them."""
        chosen = self.chosen | {box: "oui" if self.chosen.get(box) else "" for box in self.BOXES}
        return {name: value for name, value in chosen.items() if value not in ("", None)}

    @property
    def rows(self):
        """All that the filters keep."""
        rows = self.kept(self.everything)
        if words := self.chosen.get("q"):
            kind = {"config": "french_unaccent", "search_type": "websearch"}
            rows = rows.filter(recherche=SearchQuery(words, **kind))
        return rows

    @cached_property
    def number(self):
        """How many, counted to the first after MANY."""
        return self.rows.values("pk")[: MANY + 1].count()

    @cached_property
    def page(self):
        """(the rows shown, the address of the next ones or nothing)."""
        rows = self.rows.annotate(ordre=SansAccents(self.NAME)).filter(following(self.after))
        found = list(self.shown(rows.order_by(SansAccents(self.NAME), "pk"))[: ROWS + 1])
        last = found[ROWS - 1] if len(found) > ROWS else None
        return found[:ROWS], last and self.address(apres=f"{last.pk}-{last.ordre}")

    @property
    def words(self):
        """{filter: what was chosen, in words}, of those that have a value, boxes apart."""
        told = {}
        for name in (name for name in self.asked if name not in self.BOXES):
            value, choices = self.asked[name], getattr(self.form.fields[name], "choices", ())
            told[name] = dict(choices).get(value, value)
        return told

    @property
    def sentence(self):
        """« 12 associations : musique, Les Rives, bénévoles recherchés. »"""
        number = f"plus de {MANY}" if self.number > MANY else self.number or "aucune"
        spelt = {"q": f"«\u00a0{self.chosen.get('q')}\u00a0»"} | self.spelt
        parts = [spelt.get(name, told) for name, told in self.words.items()]
        parts += [told for box, told in self.BOXES.items() if box in self.asked]
        filters = f" : {', '.join(parts)}" if parts else ""
        return f"{str(number).capitalize()} {self.NOUN}{'s' * (self.number > 1)}{filters}."

    @property
    def ways_out(self):
        """When nothing is kept: [(a filter, what there is without it in words, its address)]."""
        freed = []
        for (label, address), name in zip(self.without, self.asked, strict=True):
            other = copy(self)
            other.chosen = self.chosen | {name: None}
            number = other.rows.values("pk")[: MANY + 1].count()
            told = f"plus de {MANY}" if number > MANY else number
            if number:
                freed.append((label, f"{told} réponse{'s' * (number > 1)}", address))
        return freed

    @property
    def spelt(self):
        """{filter: what its value says beside others}, where it says nothing alone."""
        return {}

    def address(self, **changes):
        """The same list with some parameters changed: an empty one is left out."""
        return f"?{urlencode({k: v for k, v in (self.asked | changes).items() if v})}"

    @property
    def without(self):
        """[(what a filter says, the address without it)]."""
        told = self.words | self.spelt
        boxes = {name: self.form.fields[name].label for name in self.BOXES}
        return [((told | boxes)[name], self.address(**{name: ""})) for name in self.asked]


def following(typed):
    """What comes after « 12-les amis »; all of it when that cannot be read."""
    pk, _, name = typed.partition("-")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return Q()
    return Q(ordre__gt=Value(name)) | Q(ordre=Value(name), pk__gt=int(pk))
