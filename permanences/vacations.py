"""
The dates of a permanence, written through planning: planned, published with it, replaced, called
off. Those who have an appointment follow their date (Vacation.carry) and are told once.
"""

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from maisons import planning, series
from maisons.models import Creneau
from maisons.verrou import queued
from permanences.models import Permanence, RendezVous, Vacation

DEJA_PUBLIEE = "Cette permanence est déjà publiée."
SANS_DATE = "Ajoutez au moins une date avant de publier."


def make(permanence, **values):
    """An unsaved date of a permanence, at its place."""
    portee = Creneau.Portee.SALLE if permanence.salle else Creneau.Portee.SANS_SALLE
    place = {"portee": portee, "maison": permanence.maison, "salle": permanence.salle}
    place["personnes"] = permanence.guichets  # of a hall that is shared
    return Vacation(permanence=permanence, guichets=permanence.desks, **place | values)


def plan(permanence, serie, by=None):
    """Book the dates of a series; those that the place refuses are left out with their cause."""
    return series.plan(serie, lambda debut, fin: make(permanence, debut=debut, fin=fin), by)


def add(permanence, by=None, **values):
    """One date more, public at once when the permanence is."""
    return planning.book(make(permanence, **values), by=by)


@queued
def publish(permanence, by=None):
    """Make a permanence and its dates public, in one transaction; its service too."""
    permanence = Permanence.objects.select_for_update(of=("self",)).get(pk=permanence.pk)
    if permanence.publie_le:
        raise ValidationError(DEJA_PUBLIEE)
    drafts = Vacation.objects.holding().filter(permanence=permanence, publie_le=None)
    if not drafts.exists():
        raise ValidationError(SANS_DATE)
    now = timezone.now()
    permanence.publie_le, permanence._history_user = now, by
    permanence.save()
    service = permanence.service
    if not service.publie_le:
        service.publie_le, service._history_user = now, by
        service.save()
    drafts.update(publie_le=now)
    return permanence


@queued
def describe(permanence):
    """
    Tell the dates to come what the permanence and its service say now.

    A date keeps the desks that somebody has an appointment at.
    """
    coming = Vacation.objects.upcoming(timezone.now()).filter(permanence=permanence)
    coming = coming.holding().order_by("pk")
    locked = list(coming.select_related("salle").select_for_update(of=("self", "creneau")))
    coming.update(**permanence.repeated())
    for mention, keys in in_words(permanence, locked).items():
        Vacation.objects.filter(pk__in=keys).update(mention=mention)
    awaited = RendezVous.objects.awaited().filter(vacation=models.OuterRef("pk")).order_by()
    last = awaited.values("vacation").annotate(last=models.Max("guichet")).values("last")
    number = {"output_field": models.IntegerField()}
    held = Coalesce(models.Subquery(last, **number), 0, **number)
    rows = Vacation.objects.filter(pk__in=[date.pk for date in locked])
    rows.update(guichets=Greatest(models.Value(permanence.desks), held, **number))


def in_words(permanence, dates):
    """{live line: the dates that say it}: that one moved, or is late today, stays said."""
    told = defaultdict(list)
    for date in dates:
        date.permanence = permanence
        told[date.in_words].append(date.pk)
    return told


def describe_service(service):
    for permanence in service.permanences.select_related("service"):
        describe(permanence)


def replace(vacation, name, by=None):
    """Somebody else holds it that day: the public reads that name; appointments stay."""
    return planning.change(vacation, by=by, remplacant=name)


@queued
def cancel(vacation, by=None):
    """Call a date off and tell those with an appointment; what nobody has read is taken away."""
    if vacation.publie_le is None and not vacation.rendez_vous.exists():
        planning.lock_rooms(vacation)
        planning.reread(vacation)
        vacation._history_user = by
        return series.take_out(vacation)
    return planning.cancel(vacation, Creneau.Motif.ORGANISATION, by=by)
