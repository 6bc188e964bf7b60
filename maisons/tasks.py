from celery import shared_task
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from comptes.models import Invitation
from maisons import planning
from maisons.effacement import erase
from maisons.models import Evenement, Reservation, Serie
from maisons.models.reponse import KEPT
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


@shared_task
def erase_outdated_subscriptions():
    """What nobody confirmed, and what will never be told of any more."""
    suivi.erase_outdated()
