"""What runs by itself: planned publication, and the end of what is kept."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from maisons.models import Creneau, Reservation, Serie
from maisons.tasks import erase_outdated_reservations, publish_due_events
from notifications.models import Message
from tests.factories import (
    EvenementFactory,
    MessageFactory,
    OccurrenceFactory,
    ReservationFactory,
    SalleFactory,
    SerieFactory,
)
from tests.maisons.demandes import in_serie

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


def note(row):
    """A line of the staff's log, as their pages write it."""
    return LogEntry.objects.create(
        user=ReservationFactory().demandeur,
        content_type=ContentType.objects.get_for_model(row),
        object_id=row.pk,
        object_repr="Demande de Zoé",
        action_flag=CHANGE,
    )


def test_what_names_who_came_is_erased_with_the_booking(time_machine):
    old = ReservationFactory()
    kept = ReservationFactory(salle=old.salle, debut=old.debut + timedelta(days=2))
    lines = [note(row) for row in (old, kept, EvenementFactory(pk=old.pk))]
    time_machine.move_to(old.fin + timedelta(days=93))
    messages = [MessageFactory(creneau=row.pk) for row in (old, kept)]

    erase_outdated_reservations()

    assert list(LogEntry.objects.order_by("pk")) == lines[1:]
    assert list(Message.objects.filter(pk__in=[m.pk for m in messages])) == messages[1:]


def test_a_series_goes_with_its_last_date_and_its_history(time_machine):
    date, *_ = in_serie(SalleFactory(), 2)
    note(date.serie)
    event = SerieFactory()
    time_machine.move_to(timezone.now() + timedelta(days=400))

    erase_outdated_reservations()

    assert Serie.objects.get() == event
    assert not Serie.history.filter(id=date.serie_id).exists()
    assert not LogEntry.objects.exists()


def test_a_series_that_goes_on_without_a_date_is_kept():
    serie = SerieFactory()
    serie.creneaux.all().delete()

    erase_outdated_reservations()

    assert Serie.objects.get() == serie
