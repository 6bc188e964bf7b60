"""A month of the agenda: for each day, how many rows begin, and the first three of them."""

from datetime import timedelta
from functools import cached_property

from django.db.models import Case, Count, F, When, Window
from django.db.models.functions import RowNumber, TruncDate

from maisons import heures
from maisons.models import LASTING

TOLD = 3  # titles a day


class Month:
    """The month of an agenda whose window it is."""

    def __init__(self, agenda):
        self.agenda = agenda
        self.first, self.last = agenda.first, agenda.last

    @cached_property
    def by_day(self):
        """{day, or None for what goes on for days: (number, the first rows)}; one statement."""
        rows = self.agenda.rows.annotate(on=Case(When(~LASTING, then=TruncDate("debut"))))
        rows = rows.annotate(
            rank=Window(RowNumber(), partition_by=F("on"), order_by=["debut", "id"]),
            among=Window(Count("pk"), partition_by=F("on")),
        )
        found = {}
        shown = rows.filter(rank__lte=TOLD).order_by("on", "rank")
        for row in shown.only("titre", "debut", "fin", "heure_connue", "annule_le"):
            day = row.on and max(row.on, self.first)
            number, told = found.get(day, (0, []))
            found[day] = (number or row.among, [*told, row])
        return found

    @property
    def days(self):
        """[(day, number, first rows, address)] of the whole month."""
        days = [self.first + timedelta(days=rank) for rank in range(self.last.day)]
        return [
            (day, *self.by_day.get(day, (0, [])), self.agenda.address(mois=None, du=day, au=day))
            for day in days
        ]

    @property
    def lasting(self):
        return self.by_day.get(None, (0, []))

    @property
    def around(self):
        """The months before and after: (in words, address)."""
        found = []
        for day in (self.first - timedelta(days=1), self.last + timedelta(days=1)):
            if heures.in_calendar(day):
                found.append((heures.month(day), self.agenda.address(mois=f"{day:%Y-%m}")))
        return found
