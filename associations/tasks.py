from celery import shared_task
from django.utils import timezone

from associations import effacement, inscriptions


@shared_task
def release_expired():
    """Hand on the places that nobody confirmed or accepted; each writer does it for its own."""
    inscriptions.release_expired()


@shared_task
def erase_outdated():
    """Keep the promises of the privacy page."""
    effacement.forget_outdated(timezone.now())
