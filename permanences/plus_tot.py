"""« Prévenez-moi si une place se libère plus tôt »: who waits is told of a freed place."""

from datetime import timedelta

from django.utils import timezone

from permanences import courriers
from permanences.disponibilites import held_in, is_offered, slots
from permanences.models import RendezVous

MOST_NOTICES = 3  # to one person, for one appointment
AT_ONCE = 3  # people told of one place: the first of them to answer has it
TOO_NEAR = timedelta(days=3)  # somebody who comes that soon has made arrangements


def offer(vacation, debut, leaver=None):
    """
    Tell the first who wait for a place of this service in this house, later than the freed one.

    In the transaction that frees it, under the lock of its date; a fixed number of statements.
    `leaver` is who has just let go of it for a later one.
    """
    now = timezone.now()
    if vacation.annule_le or not is_offered(vacation, debut, now) or not is_free(vacation, debut):
        return
    rows = RendezVous.objects.held().filter(etat=RendezVous.Etat.PRIS, plus_tot=True)
    rows = rows.filter(
        avis_plus_tot__lt=MOST_NOTICES,
        debut__gt=max(debut, now + TOO_NEAR),
        vacation__maison=vacation.maison_id,
        vacation__permanence__service=vacation.permanence.service_id,
    )
    rows = rows.select_related("compte", "vacation__permanence__service", "vacation__maison")
    # Whoever is moving or leaving at this very moment needs no notice.
    rows = rows.exclude(pk=leaver and leaver.pk).order_by("cree_le", "pk")
    first = rows.select_for_update(of=("self",), skip_locked=True)
    for row in first[:AT_ONCE]:
        row.avis_plus_tot += 1
        row.save(update_fields=["avis_plus_tot"])
        courriers.tell(row, "plus_tot", fois=row.avis_plus_tot, debut=debut)


def is_free(vacation, debut):
    """Whether it may be taken still: the lengths or the desks may have changed since."""
    held = held_in([vacation]).get(vacation.pk, [])
    return any(slot.debut == debut for slot in slots(vacation, held))
