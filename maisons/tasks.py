from celery import shared_task
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from maisons import planning
from maisons.models import Evenement, Reservation


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
    """Keep the promise of the privacy page: bookings and their history, three months after."""
    outdated = Reservation.objects.outdated()
    with transaction.atomic():
        keys = list(outdated.values_list("pk", flat=True))
        outdated.delete()
        Reservation.history.filter(id__in=keys).delete()
