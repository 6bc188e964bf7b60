"""
The only writer of appointments. The lock of the vacation is the queue, the exclusion constraint is
the proof: one person at a desk at a time.
"""

from django.core.exceptions import ValidationError

from maisons.verrou import queued
from permanences.models import RendezVous, Vacation

DEJA_ANNULE = "Ce rendez-vous est déjà annulé."
FERMEE = "Cette permanence est annulée : choisissez un autre jour."


def lock(*keys):
    """{key: vacation}, locked in id order so that nobody deadlocks; lapsed places are freed."""
    rows = Vacation.objects.filter(pk__in=keys).order_by("pk").select_for_update(of=("self",))
    vacations = {vacation.pk: vacation for vacation in rows}
    for lapsed in RendezVous.objects.expired().filter(vacation__in=keys).select_for_update():
        lapsed.mark_cancelled(expired=True)
    return vacations


@queued
def take(rendez_vous):
    """Write a new appointment at the first desk that is free then; raises ValidationError."""
    vacation = lock(rendez_vous.vacation_id)[rendez_vous.vacation_id]
    if vacation.annule_le:
        raise ValidationError(FERMEE)
    rendez_vous.guichet = free_desk(rendez_vous)
    rendez_vous.full_clean()
    rendez_vous.save()
    return rendez_vous


def free_desk(rendez_vous):
    """The first desk that nobody holds then; the last one when none is, which the check refuses."""
    meeting = RendezVous.objects.held().filter(
        vacation=rendez_vous.vacation_id,
        debut__lt=rendez_vous.fin,
        fin__gt=rendez_vous.debut,
    )
    busy = set(meeting.exclude(pk=rendez_vous.pk).values_list("guichet", flat=True))
    desks = range(1, rendez_vous.vacation.guichets + 1)
    return next((desk for desk in desks if desk not in busy), max(desks, default=1))


@queued
def cancel(rendez_vous):
    """Free the place and keep the row."""
    lock(rendez_vous.vacation_id)
    rendez_vous.refresh_from_db(from_queryset=RendezVous.objects.select_for_update(of=("self",)))
    if rendez_vous.annule_le:
        raise ValidationError(DEJA_ANNULE)
    rendez_vous.mark_cancelled()
