from celery import shared_task
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from comptes.models import Invitation
from maisons import planning
from maisons.models import Evenement, Reservation, Serie
from maisons.models.demande import KEPT
from notifications import suivi
from notifications.models import Message


@shared_task
def publish_due_events():
    """Publish the drafts whose planned hour has come; a second run finds none left."""
    for evenement in Evenement.objects.due(timezone.now()):
        try:
            planning.publish(evenement)
        except ValidationError:
            continue  # published by hand meanwhile, or without a date: the admin says so


@shared_task
def release_expired():
    """Free what nobody confirmed or answered in time; each writer does it for its own rooms."""
    planning.release_expired()


@shared_task
def erase_outdated_reservations():
    """
    Keep the promise of the privacy page: bookings, three months after, and all that names who came.

    Their history, the lines of the staff's own log and the messages about them go with them; then
    the series that have no date any more, and invitations, accepted or not.
    """
    for kind in Invitation.kinds():
        kind.objects.outdated(timezone.now()).delete()
    with transaction.atomic():
        keys = erase(Reservation.objects.outdated())
        Message.objects.about(keys).delete()
        # One that goes on may still get dates.
        erase(Serie.objects.filter(creneaux=None, dernier__lt=timezone.localdate() - KEPT))


def erase(rows):
    """Delete some rows with their history and what the staff's log says of them; their keys."""
    keys, kind = list(rows.values_list("pk", flat=True)), rows.model
    rows.filter(pk__in=keys).delete()
    kind.history.filter(id__in=keys).delete()
    lines = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(kind))
    lines.filter(object_id__in=map(str, keys)).delete()
    return keys


@shared_task
def erase_outdated_subscriptions():
    """What nobody confirmed, and what will never be told of any more."""
    suivi.erase_outdated()
