"""An agenda that is published at a date: planned, taken back, done by the sweep once."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from conseils import seances, secretaires
from conseils.models import Reunion
from maisons import planning
from maisons.verrou import queued

USEFUL = timedelta(days=2)
OVER = "La réunion est passée."


@queued
def plan(reunion, at, by=None):
    """To be published then; None takes it back. Raises ValidationError."""
    planning.take(reunion, by)
    reunion.mark_planned(at)


@queued
def publish_due(reunion):
    """
    Publish a draft whose hour has come; one that nothing makes ready tells its secretaries.

    Returns whether it was: what was published, taken back or put off meanwhile is left alone.
    """
    planning.take(reunion, None)
    if reunion.publie_le or not reunion.publier_le or reunion.publier_le > timezone.now():
        return False
    try:
        if reunion.fin <= timezone.now():
            raise ValidationError(OVER)
        seances.publish(reunion)
    except ValidationError as error:
        tell(reunion, error.messages[0])
        reunion.mark_planned(None)
        return False
    return True


def tell(reunion, why):
    """Each of its secretaries, once, that it is still a draft, and why."""
    page = reverse("admin:conseils_reunion_change", args=[reunion.pk])
    context = {
        "titre": "Un ordre du jour n’a pas pu être publié",
        "reunion": reunion,
        "pourquoi": why,
        "lien": f"{settings.SITE_URL}{page}",
    }
    cle = f"publication:{reunion.pk}:{reunion.publier_le:%Y%m%dT%H%M}"
    objet, until = f"{context['titre']} : {reunion}", timezone.now() + USEFUL
    secretaires.tell(reunion.conseil, cle, objet, "conseils/courriels/non_publie", context, until)


def publish_all_due():
    """Each draft in a transaction of its own; a second run finds none left."""
    for reunion in Reunion.objects.due(timezone.now()).select_related("conseil"):
        try:
            publish_due(reunion)
        except ValidationError:
            continue  # cancelled meanwhile, or its rooms are being written: at the next run
