from celery import shared_task
from django.utils import timezone

from conseils import publication
from conseils.models import Conseiller, Venue


@shared_task
def publish_due_meetings():
    """Publish the agendas whose planned hour has come."""
    publication.publish_all_due()


@shared_task
def erase_outdated():
    """Keep the promises of the privacy page: addresses of members, and who said they come."""
    Conseiller.objects.to_forget(timezone.localdate()).update(courriel="")
    Venue.objects.outdated(timezone.now()).delete()
