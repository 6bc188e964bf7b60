from celery import shared_task
from django.core.exceptions import ValidationError
from django.utils import timezone

from maisons import planning
from maisons.models import Evenement


@shared_task
def publish_due_events():
    """Publish the drafts whose planned hour has come; a second run finds none left."""
    for evenement in Evenement.objects.due(timezone.now()):
        try:
            planning.publish(evenement)
        except ValidationError:
            continue  # published by hand meanwhile, or without a date: the admin says so
