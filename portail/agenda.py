"""What is on in a window of days: the rows, their number beside each filter, the ways on."""

from collections import defaultdict
from datetime import datetime, timedelta
from functools import cached_property
from itertools import groupby
from urllib.parse import urlencode

from django.db.models import Count, Q, Value
from django.db.models.functions import Greatest
from django.http import QueryDict
from django.utils import timezone

from maisons import calendrier, heures
from maisons.models import Creneau
from portail import filtres, lieux

ROWS, MANY_ROWS = 40, 50  # of a page; of one that is measured (`?par=50`)
LONGEST = filtres.LONGEST
MANY = 500
MOST_OPTIONS = 30  # of a filter: the houses of a large city are offered once a quartier is chosen
# What an address may say; the rest is not of ours.
PARAMETERS = ["q", *(facet.name for facet in filtres.facets([], [])), "age", "jour"]
PARAMETERS += ["mois", "du", "au", "apres", "par"]
# All that a row of the agenda shows; the house and the quartier are known already.
SHOWN = ["nature", "titre", "mention", "portee", "maison", "adresse_libre", "quartier", "debut"]
SHOWN += ["fin", "heure_connue", "gratuit", "tarif", "plain_pied", "annule_le"]


class Agenda:
    """One answer: at most 40 rows of the window, in order, and the counts beside the filters."""

    def __init__(self, query, version=None):
        """With the version of the agenda, when it is known, the places are not read again."""
        self.ville, self.quartiers, self.maisons = (
            lieux.read_once(version) if version else lieux.read()
        )
        self.query = QueryDict(mutable=True)
        for name in PARAMETERS:  # a form sends what was left empty too
            if given := [value for value in query.getlist(name) if value]:
                self.query.setlist(name, given)
        self.facets = filtres.facets(self.quartiers.values(), self.maisons.values())
        form = filtres.AgendaForm(self.query, self.facets)
        # What cannot be read is told, and left out rather than answered with nothing.
        self.faults = {name: " ".join(told) for name, told in form.errors.items()}
        self.typed = {name: self.query.get(name, "") for name in ("q", "age")}
        for name in self.faults:
            self.query.pop(name, None)
        self.chosen = form.cleaned_data
        self.first, self.last = form.window(self.chosen)

    @cached_property
    def conditions(self):
        """{filter: what it asks of a row}, of those chosen."""
        asked = {"q": filtres.worded, "jour": filtres.weekdays, "age": filtres.age}
        asked |= {facet.name: facet.condition for facet in self.facets}
        given = {name: self.chosen.get(name) for name in asked}
        return {
            name: asked[name](value) for name, value in given.items() if value not in ("", None, [])
        }

    def matching(self, rows, but=()):
        """Those that the filters keep, some of them left out."""
        for name, condition in self.conditions.items():
            if name not in but:
                rows = rows.filter(condition)
        return rows

    @property
    def window(self):
        return heures.starts_at(self.first), heures.starts_at(self.last + timedelta(days=1))

    @property
    def within(self):
        """The public créneaux of the window, whatever the filters."""
        return Creneau.objects.public().during(*self.window)

    @property
    def rows(self):
        """All of the window that the filters keep, without order or page."""
        return self.matching(self.within)

    @cached_property
    def page(self):
        """At most 40 rows and the next page's key: what goes on for days first, then by hour."""
        most = MANY_ROWS if self.query.get("par") == str(MANY_ROWS) else ROWS
        rows = self.rows.only(*SHOWN).by_length().filter(after(self.query.get("apres", "")))
        found = list(rows.order_by("bref", "debut", "id")[: most + 1])
        last = found[most - 1] if len(found) > most else None
        shown = [self.placed(row) for row in found[:most]]
        return shown, last and f"{int(last.bref)}_{last.debut.isoformat()}_{last.pk}"

    def placed(self, row):
        """With its house and its quartier, which the filters have read."""
        row.maison = self.maisons.get(row.maison_id)
        row.quartier = self.quartiers.get(row.quartier_id)
        return row

    @property
    def lasting(self):
        return [row for row in self.page[0] if not row.bref]

    @property
    def days(self):
        """[(day, rows)]; what began the evening before the window is under its first day."""
        brief = [row for row in self.page[0] if row.bref]
        by_day = groupby(brief, key=lambda row: max(timezone.localdate(row.debut), self.first))
        return [(day, list(rows)) for day, rows in by_day]

    @cached_property
    def counts(self):
        """
        ([rows by what a facet reads of them, were it alone left open, for each], rows in all).

        One statement: the rows of the window, grouped by what all the facets read.
        """
        names = [facet.name for facet in self.facets]
        rows = self.matching(self.within, but=names)
        groups = rows.values_list(*(facet.column for facet in self.facets)).annotate(Count("pk"))
        chosen = [(rank, facet, self.values(facet)) for rank, facet in enumerate(self.facets)]
        wanted = [(rank, facet.misses(values)) for rank, facet, values in chosen if values]
        kept = {None: [], **{rank: [] for rank in range(len(names))}}
        for group in groups.order_by():
            missed = [rank for rank, misses in wanted if misses(group[rank])]
            if len(missed) < 2:
                kept[missed[0] if missed else None].append(group)
        counts = [tally(kept[None] + kept[rank], rank) for rank in range(len(names))]
        return counts, sum(group[-1] for group in kept[None])

    def values(self, facet):
        return self.chosen.get(facet.name, [])

    @property
    def number(self):
        return self.counts[1]

    def options(self, facet, counts):
        """A filter's values with something to come: (value, words, chosen, count)."""
        chosen = self.values(facet)
        rows = [
            (value, words, value in chosen, facet.count(counts, key))
            for value, (key, words) in facet.values.items()
        ]
        return [row for row in rows if row[2] or row[3]]

    @cached_property
    def lists(self):
        """{name: (legend, options)} of the facets that leave a choice, none of them too long."""
        pairs = zip(self.facets, self.counts[0], strict=True)
        found = {facet.name: (facet.legend, self.options(facet, n)) for facet, n in pairs}
        return {name: told for name, told in found.items() if 0 < len(told[1]) <= MOST_OPTIONS}

    @property
    def weekdays(self):
        chosen = self.chosen.get("jour", [])
        return [(name, name in chosen) for name in heures.WEEKDAYS]

    @property
    def covers_today(self):
        return self.first <= timezone.localdate() <= self.last

    @cached_property
    def sentence(self):
        """What is shown: (the number, the window and the filters in words)."""
        shown = f"Plus de {MANY}" if self.number > MANY else self.number or "Aucun"
        words = ", ".join([self.when, *(words for _, words, _ in self.removals)])
        return f"{shown} rendez-vous", f"{words}."

    @property
    def month(self):
        """Its name in the month view, else nothing."""
        return heures.month(self.first) if self.chosen.get("mois") else ""

    @property
    def when(self):
        if self.month:
            return f"en {self.month}"
        if self.first == self.last:
            return f"le {heures.day(self.first)}"
        return f"du {heures.day(self.first)} au {heures.day(self.last)}"

    def address(self, **changes):
        """The same list with some parameters changed: a value, a list of them, None for none."""
        asked = {name: given for name, given in self.query.lists() if name != "apres"} | changes
        given = {name: value for name, value in asked.items() if value is not None}
        return "?" + urlencode(given, doseq=True)

    @property
    def bare(self):
        """The same days without a filter."""
        return self.address(**dict.fromkeys(self.conditions))

    def without(self, name, value):
        """The same list with one value of a filter fewer."""
        return self.address(**{name: [v for v in self.query.getlist(name) if v != value]})

    @cached_property
    def removals(self):
        """Each filter chosen: (its name, in words, the address of the list without it)."""
        found = []
        if words := self.chosen.get("q"):
            found.append(("q", words, self.address(q=None)))
        for facet in self.facets:
            for value in self.values(facet):
                found.append((facet.name, facet.words(value), self.without(facet.name, value)))
        if self.chosen.get("age") is not None:
            years = self.chosen["age"]
            found.append(("age", f"{years} an{'s' * (years > 1)}", self.address(age=None)))
        for name in self.chosen.get("jour", []):
            found.append(("jour", name, self.without("jour", name)))
        return found

    @property
    def shortcuts(self):
        """The windows that people think in: (words, address, current)."""
        today = timezone.localdate()
        ahead = {day: today + timedelta(days=day) for day in range(30)}
        saturday = ahead[(5 - today.weekday()) % 7] if today.weekday() != 6 else today
        wednesday = ahead[(2 - today.weekday()) % 7]
        spans = [
            ("Aujourd’hui", today, today),
            ("Demain", ahead[1], ahead[1]),
            ("Mercredi", wednesday, wednesday),
            ("Ce week-end", saturday, ahead[6 - today.weekday()]),
            ("7 jours", today, ahead[6]),
            ("30 jours", today, ahead[29]),
        ]
        if period := calendrier.next_school_holidays(today, self.ville.zone_scolaire):
            name, du, au = period
            last = min(au, du + timedelta(days=LONGEST - 1))
            spans.append((name[0].upper() + name[1:], du, last))
        shown = [
            (words, self.address(du=du, au=au, mois=None), (du, au) == (self.first, self.last))
            for words, du, au in spans
        ]
        month = f"{self.first:%Y-%m}"
        by_month = self.address(mois=month, du=None, au=None)
        return [*shown, ("Par mois", by_month, "mois" in self.query)]

    @property
    def onward(self):
        """Where the list goes on: the rest of the window, else the days after it."""
        if key := self.page[1]:
            return "Suite de la liste", self.address(apres=key)
        first = self.last + timedelta(days=1)
        last = first + (self.last - self.first)
        words = f"Jours suivants : à partir du {heures.day(first)}"
        return words, self.address(du=first, au=last)

    @cached_property
    def upcoming(self):
        """When the window is empty: the first row after it, within 92 days."""
        fin = self.window[1]
        # By their start alone, which an index keeps in order: none goes on from an empty window.
        last = fin + timedelta(days=LONGEST)
        coming = Creneau.objects.public().filter(debut__gte=fin, debut__lt=last)
        row = self.matching(coming).only(*SHOWN).order_by("debut", "id").first()
        return row and self.placed(row)

    @cached_property
    def costliest(self):
        """
        When the window is empty: (its words, the rows without it, their address) of the filter
        that hides most; None when no filter alone does.
        """
        freed = {}
        for name in self.conditions:
            others = [asked for key, asked in self.conditions.items() if key != name]
            freed[f"sans_{name}"] = Count("pk", filter=Q(*others))
        found = self.within.aggregate(**freed) if freed else {}
        number, name = max(((n, name) for name, n in found.items()), default=(0, ""))
        name = name.removeprefix("sans_")
        words = " ou ".join(words for key, words, _ in self.removals if key == name)
        return (words, number, self.address(**{name: None})) if number else None


def tally(groups, rank):
    """How many rows for each value at this rank of groups that end with their number."""
    counts = defaultdict(int)
    for group in groups:
        counts[group[rank]] += group[-1]
    return counts


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
    public = public.only(*SHOWN, "maison__nom", "quartier__nom")  # an outline is long
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
