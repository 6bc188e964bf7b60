"""The shape of a large data set: the same week whatever the total, more weeks when it grows."""

from collections import namedtuple
from dataclasses import dataclass
from datetime import timedelta

HOUSES, ROOMS, QUARTIERS, RESIDENTS = 40, 10, 10, 2_000
PER_WEEK = 1_750
PUBLIC = 3  # one créneau in three is public, the others are bookings
PERMANENCES = 3  # of each house, each on its own day of the week
VACATIONS = 14  # one créneau in so many, at most, is a date of a permanence; public too

# Columns of a créneau and of its child; what is copied beside them.
Row = namedtuple("Row", "debut creneau child event appointments", defaults=[None, ()])


@dataclass(frozen=True)
class Forme:
    total: int

    @property
    def weeks(self):
        return max(round(self.total / PER_WEEK), 1)

    @property
    def past(self):
        return (self.weeks - 1) // 2

    def first_day(self, today):
        """Weeks are counted from today, so that the next seven days are one whole week."""
        return today - timedelta(weeks=self.past)

    def size(self, week):
        """How many créneaux this week holds; all the weeks together make the total."""
        return self.total * (week + 1) // self.weeks - self.total * week // self.weeks

    def __str__(self):
        several = "s" if self.weeks > 1 else ""
        return (
            f"{self.total} créneaux = {HOUSES} maisons × {ROOMS} salles × {self.weeks} "
            f"semaine{several} ({self.weeks / 52.18:.1f} ans, la moitié passés), environ "
            f"{self.total // self.weeks} par semaine, dont un tiers publics"
        )
