"""
How a date of a permanence goes, told by who is on duty, that day alone: under its lock, so that
who takes an appointment meanwhile hears of it too.

What is said again changes nothing, and nobody is told twice.
"""

from django.core.exceptions import ValidationError
from django.utils import timezone

from maisons import planning
from maisons.heures import local
from maisons.models import Creneau, Salle
from maisons.verrou import queued
from permanences import courriers
from permanences.models import RendezVous, Vacation

DELAYS = [10, 20, 30, 45, 60]
AUTRE_JOUR = "Cela se dit le jour même, avant la fin de la permanence."


def is_running(vacation, now=None):
    """Whether its state may be said: on its day, until it ends, unless it is cancelled."""
    now = now or timezone.now()
    same_day = local(vacation.debut).date() == local(now).date()
    return same_day and now < vacation.fin and not vacation.annule_le


def take(vacation, by):
    """Lock it and read it again; raises ValidationError when nothing can be said of it."""
    planning.take(vacation, by)
    if not is_running(vacation):
        raise ValidationError(AUTRE_JOUR)


def still_coming(vacation):
    """The appointments that a change concerns: neither over nor arrived."""
    waiting = [RendezVous.Etat.A_CONFIRMER, RendezVous.Etat.PRIS]
    rows = RendezVous.objects.filter(vacation=vacation, etat__in=waiting, arrive_le=None)
    return rows.filter(fin__gt=timezone.now()).select_related("compte").order_by("debut", "guichet")


@queued
def say(vacation, direct, retard=0, by=None):
    """Say that it is open, full, or so many minutes late; returns whether that was news."""
    take(vacation, by)
    if (vacation.direct, vacation.retard) == (direct, retard):
        return False
    said = {"direct": direct, "retard": retard, "dit_le": timezone.now()}
    planning.change(vacation, by=by, **said)
    if direct == Vacation.Direct.RETARD:
        for row in still_coming(vacation):
            row.vacation = vacation
            courriers.tell(row, "retard")
    return True


@queued
def move(vacation, salle, by=None):
    """Go to another room of the house, which it holds from now on; returns whether that is so."""
    take(vacation, by)
    if vacation.salle_id == salle.pk:
        return False
    place = {"portee": Creneau.Portee.SALLE, "salle": salle}
    planning.move(vacation, by=by, **place)
    return True


@queued
def call_off(vacation, by=None):
    """Cancel it: its places are freed, and their people told, by its nature."""
    take(vacation, by)
    planning.cancel(vacation, Creneau.Motif.ORGANISATION, by=by)


def free_rooms(vacation):
    """The other rooms of the house that nobody holds until it ends."""
    rooms = Salle.objects.filter(maison=vacation.maison_id).exclude(pk=vacation.salle_id)
    others = Creneau.objects.holding().in_house(vacation.maison)
    uses = others.occupying(timezone.now(), vacation.fin).exclude(pk=vacation.pk)
    held = {room for emprise in uses.values_list("emprise", flat=True) for room in emprise}
    return [room for room in rooms if room.pk not in held and not room.partagee]
