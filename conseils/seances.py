"""How a meeting is prepared and made public: several rows at once, through planning."""

from django.core.exceptions import ValidationError
from django.db.models import Max

from conseils import approbation, envois
from conseils.models import Conseil, Reunion
from conseils.ordre import arrange
from maisons import heures, planning
from maisons.verrou import queued

PUBLISHED = "Cet ordre du jour est publié : utilisez « Rectifier » pour le changer."


def check_draft(reunion):
    """Raise ValidationError when its agenda does not change any more without a correction."""
    if reunion.publie_le:
        raise ValidationError(PUBLISHED)
    if reunion.annule_le:
        raise ValidationError(planning.DEJA_ANNULE)


@queued
def convene(reunion, by=None):
    """
    Save a new meeting under the next number of its council.

    The approval of the minutes of the one before is its first item (parcours S8).
    """
    planning.lock_rooms(reunion)
    Conseil.objects.select_for_update(no_key=True).get(pk=reunion.conseil_id)
    others = Reunion.objects.filter(conseil=reunion.conseil_id)
    reunion.numero = (others.aggregate(last=Max("numero"))["last"] or 0) + 1
    planning.insert(reunion, by)
    approbation.refresh(reunion)
    return reunion


@queued
def follow(reunion, points, by=None):
    """Save a new meeting with copies of some items of an earlier one, never their documents."""
    convene(reunion, by)
    on = heures.local(reunion.debut).date()
    copies = [point.again(on) for point in points]
    arrange(reunion, [*reunion.points.all(), *copies], copies)
    return reunion


@queued
def publish(reunion, by=None):
    """Make a meeting and its agenda public, for good, and write to whom it concerns."""
    planning.take(reunion, by)
    reunion.check_ready()
    approbation.refresh(reunion)
    reunion.mark_published()
    envois.announce(reunion)
    return reunion
