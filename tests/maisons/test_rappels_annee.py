"""
G6: days lived hour by hour, with the workers away now and then, over the changes of hour.

A calendar kept beside, on the clock of a wall, says when each person must be reminded: by night,
twice, at a wrong hour or not at all shows as a difference. COMPLET=1 lives 400 days, with the
reminders of others.
"""

import os
from collections import defaultdict
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone

from maisons import planning
from maisons.heures import local, starts_at
from maisons.models import Creneau, Reservation
from notifications.balayage import sweep
from notifications.tasks import drain
from tests.factories import CompteFactory, MaisonFactory, ReservationFactory, SalleFactory
from tests.notifications.pense_betes import only

pytestmark = pytest.mark.django_db
# Both changes of hour of 2027; 400 days hold the 29 February and the change of 2028 too.
FIRSTS = [(2027, 3, 26), (2027, 10, 29)]
COMPLETE = bool(os.environ.get("COMPLET"))
SPANS = [((2027, 3, 1), 400)] if COMPLETE else [(first, 3) for first in FIRSTS]
HOUR, NOON, LAST = timedelta(hours=1), time(12), time(20)  # after the last, half past too
AHEAD, MOVED = 4, 2  # days
DELAYS = [5, 24, 48, 72]  # hours
A_DAY = 8  # bookings
SEED = int(os.environ.get("GRAINE", "1"))
KINDS = [
    f"maisons.rappels.{kind}" for kind in ("BookingReminder", "HoldExpiring", "RequestLapsing")
]


@pytest.fixture(autouse=True)
def own_kind():
    with nullcontext() if COMPLETE else only(*KINDS):
        yield


@dataclass
class Wanted:
    """A booking as the calendar of the wall knows it: hours without a zone."""

    reservation: Reservation
    made: datetime
    start: datetime
    hours: int
    cancelled: bool = False

    @property
    def leaves(self):
        """When it should; None for who booked later than that, or not at all in the end."""
        wall = self.start - timedelta(hours=self.hours)
        if not 8 <= wall.hour < 21:
            night_ends = wall.replace(hour=8, minute=0) + timedelta(days=wall.hour >= 21)
            in_time = self.start >= night_ends.replace(hour=10)
            wall = night_ends if in_time else night_ends - timedelta(hours=11, minutes=30)
        return None if self.cancelled or wall < self.made else wall

    def told(self, worked):
        """The ticks at which it must leave, among those of workers who are there by day."""
        after = [tick for tick in worked if self.leaves and self.leaves <= tick < self.start]
        return after[:1]


def wall_clock(moment):
    return local(moment).replace(tzinfo=None)


class Life:
    """A house where people book, change their minds, and are reminded."""

    def __init__(self, move_to, first, days):
        self.move_to, self.first, self.days = move_to, date(*first), days
        self.random, self.wanted, self.sent = Random(SEED), [], defaultdict(list)
        self.worked = []
        self.move_to(starts_at(self.first))
        house = MaisonFactory(reservations_max=0)
        self.rooms = [
            SalleFactory(maison=house, avec_accord=False, rappel=timedelta(hours=hours))
            for hours in DELAYS * 3
        ]

    def live(self):
        """The last days only remind: what was booked before them is all over at the end."""
        for rank in range(self.days + AHEAD + MOVED + 1):
            away = self.random.choice([None] * 4 + [(14, 23), (19, 2), (3, 11)])
            for tick in self.ticks(self.first + timedelta(days=rank)):
                self.move_to(tick)
                if tick.time() == NOON and rank < self.days:
                    self.change()
                    self.book()
                if not is_away(away, tick.hour):
                    self.remind(wall_clock(tick))

    def ticks(self, day):
        """Each hour of a day, 23 or 25 when the hour changes, and half past eight."""
        moment, end = (starts_at(day + timedelta(days=n)).astimezone(UTC) for n in (0, 1))
        while moment < end:
            yield local(moment)
            if local(moment).time() == LAST:
                yield local(moment + HOUR / 2)
            moment += HOUR

    def book(self):
        for _ in range(A_DAY):
            room, day = self.random.choice(self.rooms), self.random.randint(0, AHEAD)
            at = time(self.random.randint(8, 20), self.random.choice([0, 30]))
            debut = starts_at(local(timezone.now()).date() + timedelta(days=day), at)
            granted = {"etat": Reservation.Etat.CONFIRMEE, "demandeur": CompteFactory()}
            try:
                booked = ReservationFactory(
                    salle=room, debut=debut, fin=debut + timedelta(hours=1), **granted
                )
            except ValidationError:
                continue  # taken, or in less than two hours
            hours = int(room.rappel.total_seconds()) // 3600
            made = wall_clock(timezone.now())
            self.wanted.append(Wanted(booked, made, wall_clock(debut), hours))

    def change(self):
        """Some of what was booked yesterday is cancelled, some moved, if nobody was told yet."""
        now = wall_clock(timezone.now())
        for one in self.wanted:
            if one.made != now - timedelta(days=1) or one.start <= now or one.told(self.worked):
                continue
            act = self.random.choice(["", "", "cancel", "move"])
            if act == "cancel":
                planning.cancel(one.reservation, Creneau.Motif.DEMANDE, by=None, quiet=True)
                one.cancelled = True
            elif act == "move":
                self.move(one)

    def move(self, one):
        """Unless its reminder is over then: PostgreSQL, whose clock is ours, says when it moved."""
        later = starts_at(one.start.date() + timedelta(days=MOVED), one.start.time())
        moved = replace(one, made=wall_clock(timezone.now()), start=wall_clock(later))
        if moved.leaves is None:
            return
        span = {"debut": later, "fin": later + HOUR}
        with suppress(ValidationError):  # taken
            planning.move(one.reservation, quiet=True, **span)
            one.start = moved.start

    def remind(self, tick):
        sweep()
        drain()
        if 8 <= tick.hour < 21:
            self.worked.append(tick)
        for letter in mail.outbox:
            self.sent[letter.to[0]].append(tick)
        mail.outbox.clear()


def is_away(span, hour):
    if span is None:
        return False
    first, last = span
    return first <= hour < last if first < last else hour >= first or hour < last


@pytest.mark.parametrize(("first", "days"), SPANS)
def test_each_is_reminded_once_by_day_and_in_time(time_machine, mailoutbox, first, days):
    life = Life(lambda moment: time_machine.move_to(moment, tick=False), first, days)

    life.live()

    told = {one.reservation.demandeur.courriel: one.told(life.worked) for one in life.wanted}
    print(f"{len(told)} bookings, {sum(map(len, told.values()))} reminders, GRAINE={SEED}")
    assert {who: ticks for who, ticks in told.items() if ticks != life.sent[who]} == {}
    assert {tick for ticks in life.sent.values() for tick in ticks} <= {*life.worked}
    assert sum(map(bool, told.values())) > len(told) / 3
