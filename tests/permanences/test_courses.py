"""Appointments that race, in threads: one place is one person's, and nobody waits for nobody."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from notifications.models import Message
from permanences import rendez_vous as writer
from permanences import tasks
from permanences.models import RendezVous
from tests.factories import RendezVousFactory, VilleFactory
from tests.maisons.test_planning import deadlocks
from tests.permanences.prises import a_date, another

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def vacation():
    VilleFactory()
    return a_date()


def race(*acts):
    """How many of these acts, at once, are not refused."""

    def run(act):
        try:
            act()
            return True
        except ValidationError:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sum(pool.map(run, acts))


def moving(row, vacation, rank):
    row = RendezVous.objects.get(pk=row.pk)
    return lambda: writer.move(row, vacation, vacation.slots()[rank][0])


def test_two_moves_to_one_place_and_one_has_it(vacation):
    rows = [RendezVousFactory(vacation=vacation, debut=vacation.slots()[r][0]) for r in range(2)]

    won = race(*[moving(row, vacation, 3) for row in rows])

    assert won == 1
    starts = {row.debut for row in RendezVous.objects.held()}
    assert len(starts) == 2
    assert vacation.slots()[3][0] in starts


@pytest.mark.parametrize("rounds", [10])
def test_moves_that_cross_never_lock_each_other_out(vacation, rounds):
    other, before = another(vacation, 1), deadlocks()
    here = RendezVousFactory(vacation=vacation)
    there = RendezVousFactory(vacation=other, debut=other.slots()[1][0])

    for turn in range(rounds):
        first, second = (vacation, other) if turn % 2 else (other, vacation)
        assert race(moving(here, first, 2), moving(there, second, 3)) == 2

    assert deadlocks() == before
    assert RendezVous.objects.held().count() == 2


def test_one_person_cancels_and_moves_at_once(vacation):
    row = RendezVousFactory(vacation=vacation)
    again = RendezVous.objects.get(pk=row.pk)

    won = race(moving(row, vacation, 2), lambda: writer.cancel(again))

    row.refresh_from_db()
    assert won in (1, 2)  # a move, then its cancellation
    assert row.etat == "annule"
    assert not RendezVous.objects.held().exists()


def test_who_confirms_late_races_for_the_place(vacation):
    held = RendezVousFactory(vacation=vacation)
    past = held.cree_le - timedelta(minutes=1)
    RendezVous.objects.update(etat="a_confirmer", expire_le=past)
    held.refresh_from_db()
    other = RendezVous(
        vacation=vacation,
        debut=held.debut,
        fin=held.fin,
        nom="Linh",
        telephone="+33612345678",
    )

    won = race(lambda: writer.confirm(held), lambda: writer.take(other), tasks.release_expired)

    assert won == 2  # the task and one of them
    assert RendezVous.objects.held().filter(etat="pris").count() == 1


def test_whoever_comes_next_queues_behind_a_date_that_is_locked(vacation):
    row = RendezVousFactory.build(vacation=vacation)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            writer.lock(vacation.pk)
            taken = pool.submit(race, lambda: writer.book(row))
            assert not wait([taken], timeout=0.3).done
        assert taken.result() == 1


def test_a_cancelled_date_is_seen_as_such_once_the_lock_is_had(vacation):
    """The créneau of the date is locked with it: else it is read as it was before the wait."""
    row = RendezVousFactory.build(vacation=vacation)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            writer.lock(vacation.pk)
            taken = pool.submit(race, lambda: writer.book(row))
            assert not wait([taken], timeout=0.3).done
            vacation.mark_cancelled(vacation.Motif.ORGANISATION)
        assert taken.result() == 0


def test_the_freed_place_is_offered_once_by_two_tasks(vacation):
    late = another(vacation, 14)
    RendezVousFactory(vacation=late, plus_tot=True)
    row = RendezVousFactory(vacation=vacation)
    rows = [RendezVous.objects.get(pk=row.pk) for _ in range(4)]

    assert race(*[lambda one=one: writer.cancel(one) for one in rows]) == 1

    assert Message.objects.filter(cle__contains=":plus_tot:").count() == 1


def test_one_person_at_two_browsers_has_no_more_than_the_service_allows(vacation):
    type(vacation.permanence.service).objects.update(rendez_vous_max=1)
    dates = [vacation, *(another(vacation, days) for days in range(1, 6))]
    rows = [
        RendezVous(
            vacation=date,
            debut=date.debut,
            fin=date.debut + timedelta(minutes=30),
            nom="Linh",
            telephone="+33612345678",
        )
        for date in dates
    ]

    assert race(*[lambda row=row: writer.take(row) for row in rows]) == 1
