from celery import shared_task
from django.utils import timezone

from associations import effacement, inscriptions
from associations.models import MiseADisposition
from maisons import planning


@shared_task
def release_expired():
    """
    Hand on the places that nobody confirmed or accepted; each writer does it for its own.

    The loans that nobody answered in time let go of their rooms.
    """
    inscriptions.release_expired()
    planning.release_expired(MiseADisposition)


@shared_task
def erase_outdated():
    """Keep the promises of the privacy page."""
    effacement.forget_outdated(timezone.now())
    effacement.forget_loans(timezone.now())
