"""
How much a service serves in a house, month after month: numbers alone, of no person.

A number of people under five is never shown, and no total holds one: what is hidden cannot be
found by a subtraction. A line counts all the permanences of its service in its house, whoever reads
it, and a month is told once it is over: two tables, or two days, do not tell together what each of
them hides.
"""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from maisons import heures, tableur
from permanences.models import Passage, Permanence, RendezVous, Vacation

LEAST = 5
HIDDEN = f"moins de {LEAST}"
Etat = RendezVous.Etat
AGES = [
    (f"passages_{value}", f"sans rendez-vous, {label}") for value, label in Passage.Tranche.choices
]
OUTCOMES = [
    (Etat.HONORE, "rendez-vous honorés"),
    (Etat.MANQUE, "rendez-vous manqués"),
    (Etat.ANNULE, "rendez-vous annulés"),
]
COLUMNS = [*AGES, *OUTCOMES]  # numbers of people


class Line(NamedTuple):
    """A month of a service in a house: dates held, then people, None where too few to tell."""

    month: date
    service: str
    maison: str
    dates: int
    people: list


def shown(number):
    """A number of people as it may be told."""
    return number if number >= LEAST else None


def in_words(number):
    return HIDDEN if number is None else str(number)


def months(until, most=24):
    """The first days of the months that are over, the last one first."""
    first, found = until.replace(day=1), []
    for _ in range(most):
        first = date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)
        found.append(first)
    return found


def year(number):
    """The first days of its first and last months."""
    return date(number, 1, 1), date(number, 12, 1)


def lines(permanences, first, last):
    """
    The lines of the months from `first` to `last`, first days both, by month, service and house:
    those of which somebody has one of these permanences at least.

    Four statements, whatever their number; months that are not over are left out.
    """
    last = min(last, months(heures.today(), 1)[0])
    fin = date(last.year + last.month // 12, last.month % 12 + 1, 1)
    span = {"debut__gte": heures.starts_at(first), "debut__lt": heures.starts_at(fin)}
    alike = permanences.filter(service=OuterRef("service"), maison=OuterRef("maison"))
    rows = Permanence.objects.filter(Exists(alike.order_by()))
    rows = rows.values_list("pk", "service__nom", "maison__nom", "maison")
    known = {key: tuple(names) for key, *names in rows}
    held, people = count(known, span)
    keys = sorted(held, key=lambda key: (key[1], *key[0]))
    return [
        Line(
            month,
            *place[:2],
            held[place, month],
            [shown(people[place, month][name]) for name, _ in COLUMNS],
        )
        for place, month in keys
    ]


def count(known, span):
    """({(place, month): dates held}, {the same: {column: people}}); `known` says of what place."""
    now, keys = timezone.now(), list(known)
    rows = Vacation.objects.filter(permanence__in=keys, annule_le=None, fin__lte=now, **span)
    rows = rows.annotate(mois=TruncMonth("debut")).order_by()
    held = defaultdict(int)
    for key, month, number in rows.values_list("permanence", "mois").annotate(Count("pk")):
        held[known[key], heures.local(month).date()] += number
    people = defaultdict(lambda: defaultdict(int))
    there = {f"vacation__{name}": value for name, value in span.items()}
    there |= {"vacation__permanence__in": keys}
    passed = Passage.objects.filter(**there).annotate(mois=TruncMonth("vacation__debut"))
    passed = passed.values_list("vacation__permanence", "mois", "tranche").order_by()
    for key, month, age, number in passed.annotate(Sum("nombre")):
        people[known[key], heures.local(month).date()][f"passages_{age}"] += number
    met = RendezVous.objects.filter(**there, etat__in=[etat for etat, _ in OUTCOMES])
    met = met.annotate(mois=TruncMonth("vacation__debut"), cle=F("vacation__permanence"))
    for key, month, etat, number in (
        met.values_list("cle", "mois", "etat").annotate(Count("pk")).order_by()
    ):
        people[known[key], heures.local(month).date()][etat] += number
    for key in people:
        held[key] += 0  # a month whose dates were all cancelled has its line too
    return dict(held), people


def totals(table):
    """Of each column, what is shown, added: a total holds nothing that is hidden."""
    columns = zip(*(line.people for line in table), strict=True)
    return [sum(number for number in column if number is not None) for column in columns]


def permanences_of(user):
    """Those whose figures somebody reads: of the houses they direct, of what they hold."""
    return Permanence.objects.managed_by(user, "change")


def as_csv(table):
    """For a French spreadsheet: a line each."""
    names = [name.capitalize() for _, name in COLUMNS]
    rows = [
        [f"{line.month:%Y-%m}", line.service, line.maison, line.dates, *map(in_words, line.people)]
        for line in table
    ]
    return tableur.as_csv(["Mois", "Service", "Maison", "Dates tenues", *names], rows)
