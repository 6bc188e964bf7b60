"""
The only writer of appointments. The lock of the vacation is the queue, the exclusion constraint is
the proof: one person at a desk at a time.
"""

from contextlib import suppress
from datetime import timedelta
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from maisons import heures
from maisons.models.demande import queue_for
from maisons.verrou import queued
from permanences import courriers, plus_tot
from permanences.disponibilites import is_offered
from permanences.models import RendezVous, Vacation
from permanences.models.rendez_vous import PAS_PROPOSE, PRIS

TIME_TO_CONFIRM = timedelta(minutes=30)
DEJA_ANNULE = "Ce rendez-vous est déjà annulé."
DEJA_CONFIRME = "Ce rendez-vous n’attend plus de confirmation."
A_CHANGE = "Ce rendez-vous vient de changer : regardez sa page."
COMMENCE = "Ce rendez-vous ne peut plus changer."
FERMEE = "Cette permanence est annulée : choisissez un autre jour."
AUTRE_SERVICE = "Choisissez un moment de la liste."

queued = partial(queued, lost=PRIS, models=[RendezVous])


def lock(*keys):
    """
    {key: vacation}, locked in id order so that nobody deadlocks; lapsed places are freed, and
    known to `tell_of_freed`.
    """
    rows = Vacation.objects.filter(pk__in=keys).order_by("pk")
    rows = rows.select_related("permanence__service", "maison", "salle")
    # Both tables: under READ COMMITTED a row joined but not locked is read as it was before.
    locked = {row.pk: row for row in rows.select_for_update(of=("self", "creneau"))}
    lapsed = RendezVous.objects.expired().filter(vacation__in=keys).order_by("vacation", "pk")
    for hold in lapsed.select_for_update(of=("self",)):
        hold.mark_cancelled(expired=True)
        locked[hold.vacation_id].freed += (hold.debut,)
    return locked


def tell_of_freed(*vacations):
    """Once a change is written: who waits for an earlier place hears of those that lapsed."""
    for vacation in {row.pk: row for row in vacations}.values():
        for debut in vacation.freed:
            plus_tot.offer(vacation, debut)


def seat(rendez_vous, vacation):
    """Validate it at the first desk that is free then, on a date that is locked."""
    if vacation.annule_le:
        raise ValidationError(FERMEE)
    rendez_vous.vacation = vacation
    rendez_vous.guichet = free_desk(rendez_vous)
    rendez_vous.full_clean()


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


def check_rules(rendez_vous):
    """
    What the public may ask for, and how many by person; at the desk an agent answers for it.

    An address that nobody has proved counts for nobody.
    """
    if rendez_vous.saisi_par_id:
        return
    if not is_offered(rendez_vous.vacation, rendez_vous.debut, timezone.now()):
        raise ValidationError(PAS_PROPOSE)
    check_quota(rendez_vous)


def check_quota(rendez_vous):
    service, contact = rendez_vous.vacation.permanence.service, rendez_vous.contact
    most = service.rendez_vous_max
    unknown = rendez_vous.etat == RendezVous.Etat.A_CONFIRMER or not contact
    if not most or unknown or rendez_vous.saisi_par_id:
        return
    queue_for(contact)
    mine = RendezVous.objects.upcoming().of_contact(contact).exclude(pk=rendez_vous.pk)
    mine = mine.filter(vacation__permanence__service=service, etat=RendezVous.Etat.PRIS)
    if mine.count() >= most:
        raise ValidationError(
            f"Vous avez déjà {most} rendez-vous à venir pour ce service : "
            "c’est le maximum par personne."
        )


def insert(rendez_vous):
    """Write a new appointment where there is a desk: no rule of the public, nobody is told."""
    vacation = lock(rendez_vous.vacation_id)[rendez_vous.vacation_id]
    seat(rendez_vous, vacation)
    rendez_vous.save()
    return rendez_vous


book = queued(insert)


@queued
def foresee(rendez_vous):
    """Raise what would refuse it now: as if it were written, and nothing is."""
    begin(rendez_vous)
    seat(rendez_vous, lock(rendez_vous.vacation_id)[rendez_vous.vacation_id])
    check_rules(rendez_vous)
    transaction.set_rollback(True)


def begin(rendez_vous):
    """Its first state: kept until an e-mail is answered, else taken at once."""
    unproved = rendez_vous.courriel and not (rendez_vous.compte or rendez_vous.saisi_par)
    rendez_vous.etat = RendezVous.Etat.PRIS
    if unproved:
        mark_waiting(rendez_vous)


def mark_waiting(rendez_vous):
    """Never after it begins."""
    rendez_vous.etat = RendezVous.Etat.A_CONFIRMER
    rendez_vous.expire_le = min(timezone.now() + TIME_TO_CONFIRM, rendez_vous.debut)


@queued
def take(rendez_vous, quiet=False):
    """
    Write a new appointment: at once for who has an account or left a phone number, and when an
    agent asks for somebody; else its place is kept until the e-mail is answered.

    Raises ValidationError; its person is told, unless `quiet`.
    """
    begin(rendez_vous)
    insert(rendez_vous)
    check_rules(rendez_vous)
    if not quiet:
        taken = rendez_vous.etat == RendezVous.Etat.PRIS
        courriers.tell(rendez_vous, "pris" if taken else "a_confirmer")
    tell_of_freed(rendez_vous.vacation)
    return rendez_vous


@queued
def wish_earlier(rendez_vous, wished):
    """Whether its person wants to be told of an earlier place; nothing else changes."""
    reread(rendez_vous)
    rendez_vous.plus_tot = wished
    rendez_vous.save(update_fields=["plus_tot"])


def reread(rendez_vous):
    """The row under its own lock, with what is told of it; its vacation is locked before."""
    expected = rendez_vous.vacation_id
    rows = RendezVous.objects.select_related("compte").select_for_update(of=("self",))
    rendez_vous.refresh_from_db(from_queryset=rows)
    if rendez_vous.vacation_id != expected:  # moved since it was read: another date is locked
        raise ValidationError(A_CHANGE)


def reopen(rendez_vous):
    """Lock a place kept, brought back if its time had passed: it is then looked for anew."""
    vacation = lock(rendez_vous.vacation_id)[rendez_vous.vacation_id]
    reread(rendez_vous)
    if not rendez_vous.unproved:
        raise ValidationError(DEJA_CONFIRME)
    late = not rendez_vous.alive
    rendez_vous.mark_open()
    rendez_vous.vacation = vacation
    if late:
        seat(rendez_vous, vacation)
        check_rules(rendez_vous)


@queued
def confirm(rendez_vous):
    """
    Its person answered: what was kept is taken.

    After its time too, while the place is still free (parcours B9); else raises ValidationError.
    """
    reopen(rendez_vous)
    rendez_vous.etat = RendezVous.Etat.PRIS
    check_quota(rendez_vous)
    rendez_vous.save()
    courriers.tell(rendez_vous, "pris")
    tell_of_freed(rendez_vous.vacation)


@queued
def send_again(rendez_vous, courriel):
    """Write once more to who has not answered, or to another address, with another code."""
    reopen(rendez_vous)
    if courriel != rendez_vous.courriel:
        rendez_vous.courriel = courriel
        rendez_vous.give_code()
    mark_waiting(rendez_vous)
    rendez_vous.sequence += 1
    rendez_vous.save()
    courriers.tell(rendez_vous, "a_confirmer")
    tell_of_freed(rendez_vous.vacation)


@queued
def cancel(rendez_vous, quiet=False, what="annule", **context):
    """
    Free the place and keep the row; its person is told `what`, unless `quiet`.

    Who waits for an earlier place is told too, when it can still be taken.
    """
    vacation = lock(rendez_vous.vacation_id)[rendez_vous.vacation_id]
    reread(rendez_vous)
    if not rendez_vous.cancellable:  # noted as received meanwhile
        raise ValidationError(DEJA_ANNULE if rendez_vous.annule_le else COMMENCE)
    rendez_vous.vacation = vacation
    rendez_vous.mark_cancelled()
    if not quiet:
        courriers.tell(rendez_vous, what, **context)
    plus_tot.offer(vacation, rendez_vous.debut)
    tell_of_freed(vacation)


@queued
def move(rendez_vous, vacation, debut, quiet=False):
    """
    Take another place of the same service; the one before is free only once this one is held.

    Both dates are locked, in id order. Its person is told, unless `quiet`.
    """
    before = rendez_vous.vacation_id
    locked = lock(before, vacation.pk)
    reread(rendez_vous)
    if not rendez_vous.changeable:
        raise ValidationError(DEJA_ANNULE if rendez_vous.annule_le else COMMENCE)
    left, old = locked[before], rendez_vous.debut
    told = f"{heures.moment(old)}, {left.maison}"
    target = locked[vacation.pk]
    if target.permanence.service_id != left.permanence.service_id:
        raise ValidationError(AUTRE_SERVICE)
    rendez_vous.debut, rendez_vous.fin = debut, debut + target.permanence.length
    seat(rendez_vous, target)
    if not (rendez_vous.saisi_par_id or is_offered(target, debut, timezone.now())):
        raise ValidationError(PAS_PROPOSE)
    rendez_vous.sequence += 1
    rendez_vous.arrive_le = None  # at another moment
    rendez_vous.save()
    if not quiet:
        courriers.tell(rendez_vous, "deplace", avant=told)
    plus_tot.offer(left, old, leaver=rendez_vous)
    tell_of_freed(*locked.values())
    return rendez_vous


def release_expired(most=500):
    """
    Let go of the places kept past their time, each date in its transaction; a second run finds
    none. A date that somebody holds too long waits for the next run.
    """
    lapsed = RendezVous.objects.expired().order_by("expire_le", "pk")
    for key in dict.fromkeys(lapsed.values_list("vacation", flat=True)[:most]):
        with suppress(ValidationError):
            release(key)


@queued
def release(key):
    tell_of_freed(lock(key)[key])
