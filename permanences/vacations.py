"""The dates of a permanence, written through planning: a series of them, published with it."""

from django.core.exceptions import ValidationError
from django.utils import timezone

from maisons import series
from maisons.models import Creneau
from maisons.verrou import queued
from permanences.models import Permanence, Vacation


def make(permanence, **values):
    """An unsaved date of a permanence, at its place."""
    portee = Creneau.Portee.SALLE if permanence.salle else Creneau.Portee.SANS_SALLE
    place = {"portee": portee, "maison": permanence.maison, "salle": permanence.salle}
    place["personnes"] = permanence.guichets  # of a hall that is shared
    guichets = permanence.guichets if permanence.by_appointment else 0
    return Vacation(permanence=permanence, guichets=guichets, **place | values)


def plan(permanence, serie, by=None):
    """Book the dates of a series; those that the place refuses are left out with their cause."""
    return series.plan(serie, lambda debut, fin: make(permanence, debut=debut, fin=fin), by)


@queued
def publish(permanence, by=None):
    """Make a permanence and its dates public, in one transaction; its service too."""
    permanence = Permanence.objects.select_for_update().get(pk=permanence.pk)
    if permanence.publie_le:
        raise ValidationError("Cette permanence est déjà publiée.")
    if not permanence.vacations.exists():
        raise ValidationError("Ajoutez au moins une date avant de publier.")
    now = timezone.now()
    permanence.publie_le, permanence._history_user = now, by
    permanence.save()
    service = permanence.service
    if not service.publie_le:
        service.publie_le = now
        service.save()
    Vacation.objects.filter(permanence=permanence, publie_le=None).update(publie_le=now)
    return permanence


@queued
def describe(permanence):
    """Tell the dates to come what the permanence and its service say now."""
    coming = Vacation.objects.upcoming(timezone.now()).filter(permanence=permanence)
    for vacation in coming.select_related("permanence__service", "maison", "salle"):
        vacation.clean()
        vacation.save()
