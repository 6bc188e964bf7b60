"""What runs by itself: planned publication, and the end of what is kept."""

from datetime import timedelta

import pytest
from django.utils import timezone

from maisons.models import Creneau, Reservation
from maisons.tasks import erase_outdated_reservations, publish_due_events
from tests.factories import EvenementFactory, OccurrenceFactory, ReservationFactory

pytestmark = pytest.mark.django_db


def test_a_planned_event_is_published_once_its_hour_has_come():
    now = timezone.now()
    due, later = (EvenementFactory(publier_le=now + timedelta(hours=hours)) for hours in (-1, 1))
    for event in (due, later):
        OccurrenceFactory(evenement=event)

    publish_due_events()
    due.refresh_from_db()
    first = due.publie_le
    publish_due_events()

    due.refresh_from_db()
    later.refresh_from_db()
    assert (due.publie_le, later.publie_le) == (first, None)
    assert Creneau.objects.public().get().titre == due.titre


def test_a_planned_event_without_a_date_waits_and_stops_nothing():
    past = timezone.now() - timedelta(hours=1)
    empty = EvenementFactory(publier_le=past)
    ready = EvenementFactory(publier_le=past)
    OccurrenceFactory(evenement=ready)

    publish_due_events()

    empty.refresh_from_db()
    ready.refresh_from_db()
    assert (empty.publie_le, bool(ready.publie_le)) == (None, True)


def test_bookings_are_erased_with_their_history_three_months_after(time_machine):
    old = ReservationFactory()
    kept = ReservationFactory(salle=old.salle, debut=old.debut + timedelta(days=2))
    time_machine.move_to(old.fin + timedelta(days=93))

    erase_outdated_reservations()
    erase_outdated_reservations()

    assert Reservation.objects.get() == kept
    assert Creneau.objects.get().pk == kept.pk
    assert {row.id for row in Reservation.history.all()} == {kept.pk}
