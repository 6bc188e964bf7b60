"""When things happen, in words: « chaque mardi », « 2e samedi de septembre »."""

import re
from datetime import date, timedelta

from maisons.heures import MONTHS, WEEKDAYS

RANGS = {"1er": 1, "2e": 2, "3e": 3, "4e": 4, "dernier": 0}
HOLIDAYS = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
SENTENCE = re.compile(
    r"(?P<rang>chaque|un|1er|2e|3e|4e|dernier) (?P<jour>\w+)"
    r"(?P<suite> sur deux| d’été| du mois| (?:de |d’)(?P<mois>\w+))?"
)


class Rythme:
    """Says of any day, years ahead or back, whether it falls on it."""

    def __init__(self, quand):
        found = SENTENCE.fullmatch(quand)
        if not found or found["jour"] not in WEEKDAYS:
            raise ValueError(f"Rythme illisible : {quand}")
        self.jour = WEEKDAYS.index(found["jour"])
        self.rang = RANGS.get(found["rang"])
        self.every = 2 if found["rang"] == "un" else 1
        self.mois = (
            MONTHS.index(found["mois"]) + 1 if found["mois"] and self.rang is not None else 0
        )
        self.summer = found["suite"] == " d’été"

    def falls_on(self, day):
        if day.weekday() != self.jour:
            return False
        if self.rang is not None and not is_rank(day, self.rang):
            return False
        if self.mois:
            return day.month == self.mois
        turn = (day.toordinal() - 1) // 7 % self.every == 0
        return turn and in_summer(day) == self.summer and not off(day)


def is_rank(day, rang):
    """Whether it is the nth of its weekday in its month; 0: the last."""
    if rang == 0:
        return (day + timedelta(days=7)).month != day.month
    return (day.day - 1) // 7 + 1 == rang


def season(day):
    """The year in which the season of a day began: the year of the houses starts in September."""
    return day.year if day.month >= 9 else day.year - 1


def in_summer(day):
    return (7, 8) <= (day.month, day.day) <= (8, 31)


def off(day):
    """A public holiday, or the days from Christmas to New Year."""
    rank = (day.month, day.day)
    return rank in HOLIDAYS or rank >= (12, 23) or rank <= (1, 2)


def days_between(first, last):
    """Every day from `first` to `last`, both included."""
    return [date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)]
