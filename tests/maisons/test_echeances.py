"""What nobody confirmed or answered in time is let go, whether Celery runs or not."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from maisons import planning
from maisons.models import Creneau, Reservation
from maisons.tasks import release_expired
from notifications.models import Message
from tests.factories import ReservationFactory, SalleFactory
from tests.maisons.demandes import by_phone, in_serie, late
from tests.maisons.test_planning import race

Etat = Reservation.Etat


def state(reservation):
    row = Reservation.objects.get(pk=reservation.pk)
    return row.etat, row.motif_annulation


def lapsed(room, **fields):
    """Held for somebody until a minute ago."""
    past = timezone.now() - timedelta(minutes=1)
    return by_phone(room, expire_le=past, **fields)


@pytest.mark.django_db
def test_an_unanswered_request_lapses_with_a_message_once():
    request = late(ReservationFactory())

    release_expired()
    release_expired()

    assert state(request) == (Etat.EXPIREE, Creneau.Motif.DELAI)
    message = Message.objects.get()
    assert (message.creneau, message.destinataire) == (request.pk, request.demandeur.courriel)
    assert request.history.count() == 2


@pytest.mark.django_db
def test_an_unconfirmed_hold_lapses_and_its_address_is_told_nothing():
    hold = lapsed(SalleFactory(), courriel="camille@rivemont.example")

    release_expired()

    assert state(hold) == (Etat.EXPIREE, Creneau.Motif.DELAI)
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_what_is_in_time_or_answered_stays():
    waiting, without_deadline, confirmed = ReservationFactory.create_batch(3)
    late(waiting, minutes=-1)
    planning.confirm(confirmed, by=None)
    late(confirmed)

    release_expired()

    kept = [state(r)[0] for r in (waiting, without_deadline, confirmed)]
    assert kept == [Etat.DEMANDEE, Etat.DEMANDEE, Etat.CONFIRMEE]


@pytest.mark.django_db
def test_a_series_that_lapses_is_told_once():
    dates = in_serie(SalleFactory(), 3)
    for date in dates:
        late(date)

    release_expired()

    assert {state(date)[0] for date in dates} == {Etat.EXPIREE}
    assert Message.objects.get().creneau == dates[0].pk


@pytest.mark.django_db
def test_who_books_the_room_lets_go_of_what_lapsed_there_without_celery():
    request = late(ReservationFactory())
    elsewhere = late(ReservationFactory())

    ReservationFactory(salle=request.salle, debut=request.debut)

    assert state(request)[0] == Etat.EXPIREE
    assert state(elsewhere)[0] == Etat.DEMANDEE
    assert Message.objects.get().creneau == request.pk


@pytest.mark.django_db
def test_a_request_cannot_be_granted_after_its_deadline():
    request = late(ReservationFactory())

    with pytest.raises(ValidationError):
        planning.confirm(request, by=None)

    assert state(request)[0] != Etat.CONFIRMEE


@pytest.mark.django_db(transaction=True)
def test_the_sweep_passes_by_what_somebody_is_writing():
    busy, free = late(ReservationFactory()), late(ReservationFactory())

    with transaction.atomic():
        planning.reread(busy)
        race(release_expired)

    assert [state(r)[0] for r in (busy, free)] == [Etat.DEMANDEE, Etat.EXPIREE]
    release_expired()
    assert state(busy)[0] == Etat.EXPIREE


@pytest.mark.django_db(transaction=True)
def test_sweeps_and_bookings_at_once_tell_once_and_give_the_room_once():
    request = late(ReservationFactory())
    book = lambda: ReservationFactory(salle=request.salle, debut=request.debut)  # noqa: E731

    told = race(release_expired, book, release_expired, book, release_expired)

    assert state(request)[0] == Etat.EXPIREE
    assert Message.objects.filter(creneau=request.pk).count() == 1
    assert sum(isinstance(answer, Reservation) for answer in told) == 1
    connection.close()
