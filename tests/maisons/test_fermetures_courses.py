"""Closures against bookings, moves and other desks, at one instant, on real connections."""

import os
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import time, timedelta
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from maisons import fermetures, planning
from maisons.heures import starts_at
from maisons.models import Creneau, Fermeture, Reservation
from notifications.models import Message
from tests.factories import (
    AffectationFactory,
    CompteFactory,
    FermetureFactory,
    MaisonFactory,
    ReservationFactory,
    SalleFactory,
)
from tests.maisons.test_planning import deadlocks, race

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 60 if os.environ.get("COMPLET") else 12


def tomorrow(hour, ahead=1):
    return starts_at(timezone.localdate() + timedelta(days=ahead), time(hour))


def won(answer):
    return not isinstance(answer, ValidationError)


@pytest.fixture
def salle():
    return SalleFactory(maison=MaisonFactory(reservations_max=0), battement=timedelta(minutes=15))


@pytest.fixture
def other(salle):
    return SalleFactory(maison=salle.maison)


@pytest.fixture
def by(salle):
    return AffectationFactory(maison=salle.maison).compte


@pytest.mark.parametrize("place", ["house", "room", "its part", "its whole"])
@pytest.mark.parametrize("first", ["closure", "booking"])
def test_a_closure_and_a_booking_never_both_pass(salle, place, first):
    """Either the booking is refused, or whoever closes reads it among what is hit."""
    half = SalleFactory(maison=salle.maison, partie_de=salle)
    closed = {"house": None, "room": salle, "its part": half, "its whole": salle}[place]
    room, person = half if place == "its whole" else salle, CompteFactory()
    before, both = deadlocks(), []

    for ahead in range(1, ROUNDS + 1):
        span = {"debut": tomorrow(10, ahead), "fin": tomorrow(12, ahead)}
        closure = Fermeture(maison=salle.maison, salle=closed, motif="travaux", **span)
        gate = Barrier(2)

        def close(closure=closure, gate=gate):
            gate.wait()
            with transaction.atomic():  # as an admin page
                planning.close(closure)
                return [creneau.pk for creneau in fermetures.hit(closure)]

        def book(span=span, gate=gate):
            gate.wait()
            return ReservationFactory(salle=room, demandeur=person, **span)

        acts = [close, book] if first == "closure" else [book, close]
        answers = race(*acts)
        hit, booked = answers if first == "closure" else answers[::-1]
        both += [booked] if won(booked) and booked.pk not in hit else []

    assert both == []
    assert deadlocks() == before


@pytest.mark.parametrize("first", ["closure", "booking"])
def test_whoever_comes_second_waits_for_the_first(salle, first):
    span = {"debut": tomorrow(10), "fin": tomorrow(12)}
    closure = Fermeture(maison=salle.maison, motif="travaux", **span)
    acts = {
        "closure": lambda: planning.close(closure),
        "booking": lambda: ReservationFactory(salle=salle, **span),
    }
    second = "booking" if first == "closure" else "closure"

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        acts[first]()
        rival = pool.submit(race, acts[second])
        assert not wait([rival], timeout=1.5).done  # without the lock it would pass here

    assert won(rival.result()[0]) == (second == "closure")
    assert fermetures.hit(closure).count() == (second == "closure")


@pytest.mark.parametrize("first", ["settle", "booking"])
def test_settling_and_a_booking_of_the_new_room_give_it_to_one(salle, other, by, first):
    before, outcomes = deadlocks(), set()

    for ahead in range(1, ROUNDS + 1):
        span = {"debut": tomorrow(10, ahead), "fin": tomorrow(12, ahead)}
        held = ReservationFactory(salle=salle, **span)
        closure = FermetureFactory(maison=salle.maison, salle=salle, **span)
        acts = [
            lambda c=closure, held=held: fermetures.settle(c, {held.pk: other.pk}, by),
            lambda span=span: ReservationFactory(salle=other, **span),
        ]
        answers = race(*(acts if first == "settle" else acts[::-1]))
        outcome, booked = answers if first == "settle" else answers[::-1]
        outcomes.add((len(outcome.done), len(outcome.lost), won(booked)))
        told = Message.objects.filter(creneau=held.pk).count()
        assert told == len(outcome.done)

    assert outcomes <= {(1, 0, False), (0, 1, True)}
    assert deadlocks() == before


def test_two_desks_settle_one_closure_at_once_and_each_is_told_once(salle, other, by):
    person, before = CompteFactory(), deadlocks()

    for ahead in range(1, ROUNDS + 1):
        hours = (9, 12, 15)
        held = [
            ReservationFactory(salle=salle, demandeur=person, debut=tomorrow(hour, ahead))
            for hour in hours
        ]
        span = {"debut": tomorrow(8, ahead), "fin": tomorrow(20, ahead)}
        closure = FermetureFactory(maison=salle.maison, salle=salle, **span)
        choices = {row.pk: other.pk for row in held[:2]} | {held[2].pk: fermetures.ANNULER}
        gate = Barrier(2)

        def settle(closure=closure, choices=choices, gate=gate):
            gate.wait()
            return fermetures.settle(closure, choices, by)

        told = race(settle, settle)

        assert sorted((len(outcome.done), outcome.gone) for outcome in told) == [(0, 3), (3, 0)]
        assert Message.objects.filter(cle__startswith=f"fermeture:{closure.pk}:").count() == 1
    assert set(Reservation.objects.values_list("sequence", "etat")) == {
        (1, "demandee"),
        (1, "annulee"),
    }
    assert deadlocks() == before


def test_two_halves_of_one_closure_settled_at_once_make_two_messages(salle, other, by):
    """Other rooms, so no lock of a room in common: the closure's row is the queue."""
    person = CompteFactory()

    for ahead in range(1, ROUNDS + 1):
        span = {"debut": tomorrow(10, ahead), "fin": tomorrow(12, ahead)}
        held = [ReservationFactory(salle=room, demandeur=person, **span) for room in (salle, other)]
        closure = FermetureFactory(maison=salle.maison, **span)
        gate = Barrier(2)

        def cancel(row, closure=closure, gate=gate):
            gate.wait()
            return fermetures.settle(closure, {row.pk: fermetures.ANNULER}, by)

        race(*[lambda row=row: cancel(row) for row in held])

        assert Message.objects.filter(cle__startswith=f"fermeture:{closure.pk}:").count() == 2


def test_crossing_moves_of_two_closures_do_not_deadlock(salle, other, by):
    before = deadlocks()

    for ahead in range(1, ROUNDS + 1):
        spans = [
            {"debut": tomorrow(hour, ahead), "fin": tomorrow(hour + 2, ahead)} for hour in (9, 14)
        ]
        rooms = [(salle, other), (other, salle)]
        acts = []
        for span, (old, new) in zip(spans, rooms, strict=True):
            held = ReservationFactory(salle=old, **span)
            closure = FermetureFactory(maison=salle.maison, salle=old, **span)
            acts.append(lambda c=closure, k=held.pk, n=new.pk: fermetures.settle(c, {k: n}, by))

        assert [len(outcome.done) for outcome in race(*acts)] == [1, 1]

    assert Creneau.objects.count() == 2 * ROUNDS
    assert deadlocks() == before
