"""When the desk of a house is open: its hours, without its closures and the public holidays."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from maisons import heures
from maisons.calendrier import public_holiday
from maisons.models.maison import LOOKED_AHEAD


@dataclass(frozen=True)
class Ouverture:
    """A span without a break, that goes on at `now` or comes next."""

    debut: datetime
    fin: datetime
    now: datetime

    @property
    def is_on(self) -> bool:
        return self.debut <= self.now

    @property
    def comes(self) -> str:
        """« à 14 h » today, « demain à 9 h », « lundi 30 novembre à 9 h »."""
        day, today = heures.local(self.debut).date(), heures.local(self.now).date()
        words = {today: "", today + timedelta(days=1): "demain "}
        return f"{words.get(day, f'{heures.day(day)} ')}à {heures.hour(self.debut)}"


def next_opening(maison, now, ville, closures) -> Ouverture | None:
    """The one that goes on, or the next within a month."""
    return next(openings(maison, now, ville, closures), None)


def openings(maison, now, ville, closures) -> Iterator[Ouverture]:
    """
    Those of a month that are not over, in their order.

    `closures` of the whole house, by their start; `ville` says which public holidays it has.
    """
    debut = fin = None
    for opens, closes in spans(maison, now, ville, closures):
        if closes <= now:
            continue
        if fin and opens > fin:
            yield Ouverture(debut, fin, now)
            debut = fin = None
        debut, fin = debut or opens, max(fin or closes, closes)
    if fin:
        yield Ouverture(debut, fin, now)


def spans(maison, now, ville, closures):
    """[(from, to)] of each day, some of which may touch."""
    first, hours = timezone.localdate(now), list(maison.horaires.all())
    for rank in range(LOOKED_AHEAD.days):
        day = first + timedelta(days=rank)
        if not public_holiday(day, ville.alsace_moselle):
            yield from spans_on(day, hours, closures)


def spans_on(day, hours, closures):
    """[(from, to)] of the hours of that weekday, without the closures, given by their start."""
    for horaire in hours:
        if horaire.jour == day.weekday():
            span = heures.starts_at(day, horaire.ouvre), heures.starts_at(day, horaire.ferme)
            yield from without(closures, *span)


def without(closures, opens, closes):
    """What is left of an opening once the closures, by their start, are cut out."""
    for closure in closures:
        if closure.fin <= opens or closure.debut >= closes:
            continue
        if closure.debut > opens:
            yield opens, closure.debut
        opens = max(opens, closure.fin)
    if opens < closes:
        yield opens, closes
