"""What is on in a window of days: the filters of the agenda, its rows and its counts."""

from datetime import datetime, timedelta
from functools import cached_property
from itertools import groupby

from django import forms
from django.contrib.postgres.search import SearchQuery
from django.db.models import Count, Q, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from maisons import heures, natures
from maisons.forms import NO_DAY, DayField
from maisons.models import Creneau, Maison
from quartiers.models import Quartier

ROWS = 40
LONGEST = 92  # days
MANY = 500
UNKNOWN = {"invalid_choice": "« %(value)s » n’est pas dans la liste."}
FACETS = ["quartier", "maison", "nature"]


def public_natures():
    return [(nature.key, nature.plural) for nature in natures.registry().values() if nature.public]


class AgendaForm(forms.Form):
    """The query string of the agenda; every field may be left out."""

    q = forms.CharField(label="Mots", max_length=100, required=False)
    du = DayField(label="À partir du", required=False, error_messages=NO_DAY)
    au = DayField(label="Jusqu’au", required=False, error_messages=NO_DAY)
    quartier = forms.ModelMultipleChoiceField(
        Quartier.objects.all(), to_field_name="slug", required=False, error_messages=UNKNOWN
    )
    maison = forms.ModelMultipleChoiceField(
        Maison.objects.all(), to_field_name="slug", required=False, error_messages=UNKNOWN
    )
    nature = forms.MultipleChoiceField(
        choices=public_natures, required=False, error_messages=UNKNOWN
    )

    def clean(self):
        cleaned = super().clean()
        cleaned["du"] = cleaned.get("du") or timezone.localdate()
        cleaned["au"] = cleaned.get("au") or cleaned["du"] + timedelta(days=6)
        if cleaned["au"] < cleaned["du"]:
            self.add_error("au", "La dernière date doit suivre la première.")
        elif (cleaned["au"] - cleaned["du"]).days >= LONGEST:
            self.add_error("au", f"Choisissez {LONGEST} jours au plus.")
        return cleaned


class Agenda:
    """One answer: at most 40 rows of the window, in order, and the counts beside the filters."""

    def __init__(self, query):
        self.query = query.copy()
        for name in list(self.query):  # a form sends what was left empty too
            self.query.setlist(name, [value for value in query.getlist(name) if value])
        form = AgendaForm(self.query)
        # What cannot be read is told, and left out rather than answered with nothing.
        self.faults = [sentence for told in form.errors.values() for sentence in told]
        for name in list(form.errors):
            self.query.pop(name, None)
        form = AgendaForm(self.query)
        form.is_valid()
        self.chosen = form.cleaned_data

    @property
    def window(self):
        last = self.chosen["au"] + timedelta(days=1)
        return heures.starts_at(self.chosen["du"]), heures.starts_at(last)

    @property
    def within(self):
        """The public créneaux of the window that hold the words looked for."""
        return self.worded(Creneau.objects.public().during(*self.window))

    def worded(self, rows):
        if words := self.chosen["q"]:
            query = SearchQuery(words, config="french_unaccent", search_type="websearch")
            rows = rows.filter(recherche=query)
        return rows

    def matching(self, rows):
        for facet in FACETS:
            if wanted := self.chosen[facet]:
                rows = rows.filter(**{f"{facet}__in": wanted})
        return rows

    @cached_property
    def page(self):
        """At most 40 rows and the next page's key: what goes on for days first, then by hour."""
        rows = self.matching(self.within).by_length()
        rows = rows.filter(after(self.query.get("apres", "")))
        rows = rows.order_by("bref", "debut", "id").select_related("maison", "quartier")
        found = list(rows[: ROWS + 1])
        last = found[ROWS - 1] if len(found) > ROWS else None
        return found[:ROWS], last and f"{int(last.bref)}_{last.debut.isoformat()}_{last.pk}"

    @property
    def lasting(self):
        return [row for row in self.page[0] if not row.bref]

    @property
    def days(self):
        """[(day, rows)]; what began the evening before the window is under its first day."""
        brief = [row for row in self.page[0] if row.bref]
        first = self.chosen["du"]
        by_day = groupby(brief, key=lambda row: max(timezone.localdate(row.debut), first))
        return [(day, list(rows)) for day, rows in by_day]

    @cached_property
    def groups(self):
        """How many rows of the window are in each (quartier, maison, nature); one statement."""
        groups = self.within.values(*FACETS).annotate(number=Count("pk"))
        return list(groups.order_by())

    def count(self, **fixed):
        """How many rows match the filters, some of them replaced by one value."""
        wanted = {facet: self.keys(facet) for facet in FACETS}
        wanted |= {facet: {value} for facet, value in fixed.items()}
        return sum(
            group["number"]
            for group in self.groups
            if all(not keys or group[facet] in keys for facet, keys in wanted.items())
        )

    def keys(self, facet):
        return {getattr(value, "pk", value) for value in self.chosen[facet]}

    def options(self, facet):
        """A filter's values with something to come: (value, words, chosen, count)."""
        if facet == "nature":
            values = [(key, key, plural) for key, plural in public_natures()]
        else:
            model = {"quartier": Quartier, "maison": Maison}[facet]
            values = model.objects.values_list("pk", "slug", "nom")
        counted = [(pk, slug, words, self.count(**{facet: pk})) for pk, slug, words in values]
        chosen = self.keys(facet)
        return [(s, words, pk in chosen, n) for pk, s, words, n in counted if n or pk in chosen]

    @property
    def quartier_options(self):
        return self.options("quartier")

    @property
    def maison_options(self):
        return self.options("maison")

    @property
    def nature_options(self):
        return self.options("nature")

    @property
    def covers_today(self):
        return self.chosen["du"] <= timezone.localdate() <= self.chosen["au"]

    @property
    def sentence(self):
        """What is shown: (the number, the window and the filters in words)."""
        number = self.count()
        shown = f"Plus de {MANY}" if number > MANY else number or "Aucun"
        first, last = self.chosen["du"], self.chosen["au"]
        when = f"le {heures.day(first)}"
        if first != last:
            when = f"du {heures.day(first)} au {heures.day(last)}"
        words = ", ".join([when, *(words for words, _ in self.removals)])
        return f"{shown} rendez-vous", f"{words}."

    def address(self, **changes):
        """The same list with some parameters changed; None takes one out."""
        query = self.query.copy()
        query.pop("apres", None)
        for name, value in changes.items():
            query.setlist(name, [value]) if value is not None else query.pop(name, None)
        return "?" + query.urlencode()

    @property
    def removals(self):
        """Each filter chosen, with the address of the list without it."""
        found = []
        for facet in FACETS:
            names = {"nature": dict(public_natures())}.get(facet, {})
            for value in self.chosen[facet]:
                query = self.query.copy()
                query.pop("apres", None)
                slug = getattr(value, "slug", value)
                query.setlist(facet, [v for v in query.getlist(facet) if v != slug])
                found.append((str(names.get(value, value)), "?" + query.urlencode()))
        if self.chosen["q"]:
            found.insert(0, (self.chosen["q"], self.address(q=None)))
        return found

    @property
    def shortcuts(self):
        """The windows that people think in: (words, address, current)."""
        today = timezone.localdate()
        saturday = today + timedelta(days=(5 - today.weekday()) % 7)
        saturday = today if today.weekday() == 6 else saturday
        sunday = today + timedelta(days=6 - today.weekday())
        spans = [
            ("Aujourd’hui", today, today),
            ("Demain", today + timedelta(days=1), today + timedelta(days=1)),
            ("Ce week-end", saturday, sunday),
            ("7 jours", today, today + timedelta(days=6)),
            ("30 jours", today, today + timedelta(days=29)),
        ]
        now = self.chosen["du"], self.chosen["au"]
        return [
            (words, self.address(du=du.isoformat(), au=au.isoformat()), (du, au) == now)
            for words, du, au in spans
        ]

    @property
    def next_key(self):
        return self.page[1]

    @property
    def onward(self):
        """Where the list goes on: the rest of the window, else the days after it."""
        if self.next_key:
            return "Suite de la liste", self.address(apres=self.next_key)
        first = self.chosen["au"] + timedelta(days=1)
        last = first + (self.chosen["au"] - self.chosen["du"])
        words = f"Jours suivants : à partir du {heures.day(first)}"
        return words, self.address(du=first.isoformat(), au=last.isoformat())

    @cached_property
    def upcoming(self):
        """When the window is empty: the first row after it, within 92 days."""
        fin = self.window[1]
        # By their start alone, which an index keeps in order: none goes on from an empty window.
        last = fin + timedelta(days=LONGEST)
        coming = Creneau.objects.public().filter(debut__gte=fin, debut__lt=last)
        rows = self.matching(self.worded(coming))
        return rows.order_by("debut", "id").select_related("maison", "quartier").first()


def after(key):
    """The condition of the rows behind the last one read, `brief_start_id`; all without a key."""
    try:
        brief, moment, pk = key.split("_")
        brief, moment, pk = brief == "1", datetime.fromisoformat(moment), int(pk)
    except ValueError:
        return Q()
    behind = Q(bref=brief) & (Q(debut__gt=moment) | Q(debut=moment, pk__gt=pk))
    return behind if brief else behind | Q(bref=True)


def coming_days(creneaux, length=2, most=8):
    """[(day, rows)] of the next public rows: today and tomorrow, else the next days with any."""
    start = heures.starts_at(timezone.localdate())
    public = creneaux.public().select_related("maison", "quartier")
    # What goes on counts from this morning. Sorted by `debut` first, PostgreSQL would walk an
    # index from the oldest row of all.
    since = Greatest("debut", Value(start))
    soon = public.during(start, start + timedelta(days=length)).order_by(since, "debut", "pk")
    later = public.filter(debut__gte=start, debut__lt=start + timedelta(days=LONGEST))
    rows = list(soon[:most]) or list(later.order_by("debut", "pk")[: most // 2])
    days = {}
    for row in rows:
        days.setdefault(max(timezone.localdate(row.debut), timezone.localdate()), []).append(row)
    return list(days.items())
