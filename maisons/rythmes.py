"""How often a series comes back: its rule (RFC 5545), its days, its words."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dateutil.rrule import rrulestr
from django.db.models import TextChoices

from maisons.heures import WEEKDAYS

CODES = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
DAY = re.compile(rf"(-1|[1-4]|)({'|'.join(CODES)})")


class Cadence(TextChoices):
    SEMAINE = "semaine", "chaque semaine"
    QUINZAINE = "quinzaine", "une semaine sur deux"
    PREMIER = "1", "chaque mois, le 1er de ce jour"
    DEUXIEME = "2", "chaque mois, le 2e de ce jour"
    TROISIEME = "3", "chaque mois, le 3e de ce jour"
    QUATRIEME = "4", "chaque mois, le 4e de ce jour"
    DERNIER = "-1", "chaque mois, le dernier de ce jour"


RULES = {
    Cadence.SEMAINE: "FREQ=WEEKLY;BYDAY=",
    Cadence.QUINZAINE: "FREQ=WEEKLY;INTERVAL=2;BYDAY=",
}
MONTHLY = "FREQ=MONTHLY;BYDAY="
RANKS = {"1": "1er", "2": "2e", "3": "3e", "4": "4e", "-1": "dernier"}


def listed(words):
    """« lundi », « lundi et jeudi », « lundi, mardi et jeudi »."""
    return " et ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


@dataclass(frozen=True)
class Rythme:
    cadence: Cadence
    jours: tuple[int, ...]  # of the week, Monday is 0

    @classmethod
    def parse(cls, rule):
        """Of a stored rule; raises ValueError for what the portal never writes."""
        days = [DAY.fullmatch(part) for part in rule.partition("BYDAY=")[2].split(",")]
        if not all(days):
            raise ValueError(f"Rythme illisible : {rule}")
        jours = tuple(CODES.index(found[2]) for found in days)
        for cadence in Cadence:
            if (rythme := cls(cadence, jours)).rule == rule:
                return rythme
        raise ValueError(f"Rythme illisible : {rule}")

    @property
    def rule(self):
        rank = "" if self.cadence in RULES else self.cadence
        days = ",".join(f"{rank}{CODES[jour]}" for jour in self.jours)
        return RULES.get(self.cadence, MONTHLY) + days

    def days(self, first: date, last: date) -> list[date]:
        """From `first` to `last`, both included; every second week counts from the first day."""
        while first <= last and first.weekday() not in self.jours:
            first += timedelta(days=1)
        start, end = (datetime.combine(on, time()) for on in (first, last))
        return [
            on.date() for on in rrulestr(self.rule, dtstart=start).between(start, end, inc=True)
        ]

    @property
    def words(self):
        """« chaque mardi et jeudi », « un mardi sur deux », « le 2e mardi du mois »."""
        names = [WEEKDAYS[jour] for jour in self.jours]
        if self.cadence == Cadence.SEMAINE:
            return "chaque jour" if len(names) == 7 else f"chaque {listed(names)}"
        if self.cadence == Cadence.QUINZAINE:
            return f"{listed([f'un {name}' for name in names])} sur deux"
        return f"{listed([f'le {RANKS[self.cadence]} {name}' for name in names])} du mois"
