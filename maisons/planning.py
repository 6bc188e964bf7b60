"""The only writer of créneaux. The lock is the queue, the exclusion constraint is the proof."""

from copy import copy

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from maisons import attente, heures, natures
from maisons.models import Creneau, Evenement, Reservation, Salle
from maisons.verrou import queued

DEJA_ANNULE = "Cette date est déjà annulée."
AUTRE_ADRESSE = "Une autre adresse a été donnée depuis : ouvrez le dernier message."
DEJA_REPONDU = "Cette demande n’attend plus de réponse."


def lock_rooms(*creneaux):
    """Queue behind the other writers of these rooms, in id order so that nobody deadlocks."""
    wanted = Q(pk__in=[])
    for creneau in creneaux:
        wanted |= Q(pk__in=creneau.rooms().values("pk"))
    rooms = Salle.objects.filter(wanted).order_by("pk").select_for_update(no_key=True)
    keys = [room.pk for room in rooms]
    there = Q(emprise__overlap=keys) | Q(salle__in=keys)  # a shared hall has no emprise
    expired = Reservation.objects.expired().filter(there).order_by("pk")
    for hold in expired.select_for_update(of=("self", "creneau")):
        lapse(hold)


def lapse(hold):
    """Free what nobody confirmed or answered in time; a request is told of it, a series once."""
    asked = hold.etat == hold.Etat.DEMANDEE  # else the address is not proved
    others = type(hold).objects.filter(serie=hold.serie_id, etat=hold.Etat.EXPIREE)
    told = hold.serie_id and others.exists()
    hold.mark_cancelled(Creneau.Motif.DELAI)
    if asked and not told:
        tell(hold, "expiree")


def release_expired(kind=Reservation, most=500):
    """
    Let go of the lapsed holds, each in a transaction of its own; a second run finds none.

    Freeing refuses nobody, so no room is locked: whoever writes there does the same, or waits.
    """
    lapsed = kind.objects.expired().order_by("debut").values_list("pk", flat=True)
    for pk in list(lapsed[:most]):
        rows = kind.objects.expired().filter(pk=pk)
        with transaction.atomic():
            if hold := rows.select_for_update(of=("self", "creneau"), skip_locked=True).first():
                lapse(hold)


def whole_house(maison):
    """A créneau that would use every room of a house: the widest lock."""
    return Creneau(portee=Creneau.Portee.MAISON, maison=maison)


queue = queued(lock_rooms)  # for admin forms, whose page is already one transaction


def reread(creneau):
    """The row as it stands under the lock: a change must not undo a cancellation in between."""
    rows = type(creneau).objects.select_for_update(of=("self", "creneau"))
    creneau.refresh_from_db(from_queryset=rows)
    if creneau.annule_le:
        raise ValidationError(DEJA_ANNULE)


def take(creneau, by):
    """Lock an existing créneau and its rooms and read it again; `by` goes to the history."""
    lock_rooms(creneau)
    reread(creneau)
    creneau._history_user = by


def tell(creneau, what, **context):
    """Through its nature, say to whoever is concerned what has just happened to a créneau."""
    natures.registry()[creneau.nature].tell(creneau, what, **context)


def write(creneau, by):
    """Save a new or moved créneau, once its fields are checked and its rooms are locked."""
    creneau.check_rules()
    creneau._history_user = by
    creneau.save()


def insert(creneau, by=None):
    """Validate and save a new créneau, where the place allows it; PostgreSQL checks the rest."""
    lock_rooms(creneau)
    creneau.full_clean(validate_constraints=False)
    write(creneau, by)
    return creneau


book = queued(insert)


@queued
def foresee(reservation):
    """Raise what would refuse a booking now: as if it were written, and nothing is."""
    lock_rooms(reservation)
    begin(reservation)
    reservation.full_clean()
    reservation.check_rules()
    transaction.set_rollback(True)


def begin(reservation):
    """The first state of a booking: asked for or granted, or held for somebody not yet known."""
    if reservation.demandeur:
        reservation.settle()
    else:
        reservation.mark_waiting(attente.deadline(reservation, timezone.now()))


@queued
def ask(reservation, by=None):
    """Book for somebody who is known: at once, or as a request when the room needs an answer."""
    reservation.settle()
    insert(reservation, by)
    tell(reservation, reservation.etat)
    return reservation


@queued
def hold(reservation):
    """Keep a room for somebody without an account until they confirm, or the desk has called."""
    begin(reservation)
    insert(reservation)
    if reservation.courriel:
        tell(reservation, "a_confirmer")
    return reservation


@queued
def confirm_contact(reservation, by=None):
    """
    The person was reached at the address or number given: what was held is asked for, or booked.

    After its time too, while the room is still free (parcours B9); else raises ValidationError.
    """
    late = reopen(reservation)
    reservation.settle()
    keep(reservation, late, by)
    tell(reservation, reservation.etat)


@queued
def send_again(reservation, courriel):
    """
    Write once more to whoever has not confirmed yet, or to another address, with another code.

    Their time begins again, and the room is taken again if it was free meanwhile.
    """
    late = reopen(reservation)
    if courriel != reservation.courriel:
        reservation.courriel = courriel
        reservation.give_code()
    reservation.mark_waiting(attente.deadline(reservation, timezone.now()))
    reservation.sequence += 1
    keep(reservation, late)
    tell(reservation, "a_confirmer")


@queued
def propose_address(reservation, courriel):
    """Write to another address, which replaces the one of a settled booking once it answers."""
    take(reservation, None)
    reservation.propose(courriel)
    reservation.sequence += 1
    reservation.full_clean()
    reservation.save()
    tell(reservation, "adresse", a=courriel)


@queued
def confirm_address(reservation):
    """
    Somebody answered at the address proposed: it replaces the other, with a new code.

    The address before is told, so that a change that its owner did not make is noticed.
    """
    answered, before = attente.proof(reservation), reservation.courriel
    take(reservation, None)
    if reservation.courriel_propose and attente.proof(reservation) != answered:
        raise ValidationError(AUTRE_ADRESSE)
    reservation.mark_reached()
    reservation.sequence += 1
    reservation.full_clean()
    reservation.save()
    tell(reservation, reservation.etat)
    if before:
        tell(reservation, "adresse_changee", a=before)


def reopen(reservation):
    """Lock a hold and read it again, brought back if its time had passed; returns whether so."""
    lock_rooms(reservation)
    rows = Reservation.objects.select_for_update(of=("self", "creneau"))
    reservation.refresh_from_db(from_queryset=rows)
    late = not reservation.alive
    reservation.mark_open()
    return late


def keep(reservation, late, by=None):
    """Save a hold that changes; its room is checked anew when it had been free meanwhile."""
    reservation.full_clean()
    if late:
        reservation.check_rules()
    else:
        reservation.check_person()
    reservation._history_user = by
    reservation.save()


@queued
def move(creneau, by=None, quiet=False, **place):
    """
    Give an existing créneau another span or place (`debut`, `fin`, `portee`, `maison`…).

    Whoever is concerned is told, unless `quiet`: the caller then tells it in its own way.
    A booking may then be asked for again (Reservation.resettle): it depends on `by`.
    """
    target = type(creneau).objects.get(pk=creneau.pk)
    for name, value in place.items():
        setattr(target, name, value)
    lock_rooms(creneau, target)
    reread(creneau)
    before = copy(creneau)
    for name, value in place.items():
        setattr(creneau, name, value)
    creneau.full_clean()
    if not creneau.within(before):
        creneau.check_rules()
    creneau.resettle(before, by)
    creneau.sequence += 1
    creneau._history_user = by
    creneau.save()
    if not quiet:
        span = heures.span(before.debut, before.fin)
        tell(creneau, "deplacee", avant=f"{before.salle or before.place}, {span}")
    return creneau


@queued
def change(creneau, by=None, **values):
    """Change what is told of a créneau, neither its span nor its place."""
    take(creneau, by)
    for name, value in values.items():
        setattr(creneau, name, value)
    creneau.full_clean()
    creneau.save()
    return creneau


@queued
def confirm(reservation, by, **answer):
    """Grant a request; refused when somebody answered it, or took it back, in between."""
    take(reservation, by)
    reservation.mark_confirmed(by, **answer)
    tell(reservation, "confirmee")


@queued
def refuse(reservation, by, motif_refus, reponse="", **context):
    """
    Refuse a request, with a motive from the list and a sentence; its room is free again.

    `context` is for the message, as the `alternatives` that somebody chose.
    """
    take(reservation, by)
    reservation.mark_refused(by, motif_refus, reponse)
    tell(reservation, "refusee", **context)


@queued
def confirm_serie(dates, by, **answer):
    """Grant the dates of a series that still wait, as one decision told once; returns them."""
    waiting = take_waiting(dates, by)
    for date in waiting:
        date.mark_confirmed(by, **answer)
    tell(waiting[0], "confirmee", dates=waiting)
    return waiting


@queued
def refuse_serie(dates, by, motif_refus, reponse="", **context):
    """Refuse the dates of a series that still wait, as one decision told once; returns them."""
    waiting = take_waiting(dates, by)
    for date in waiting:
        date.mark_refused(by, motif_refus, reponse)
    tell(waiting[0], "refusee", dates=waiting, **context)
    return waiting


def take_waiting(dates, by):
    """Lock some requests and read them again: those that still wait, or a refusal."""
    lock_rooms(*{date.salle_id: date for date in dates}.values())
    rows = type(dates[0]).objects.answerable().filter(pk__in=[date.pk for date in dates])
    waiting = list(rows.order_by("debut").select_for_update(of=("self", "creneau")))
    if not waiting:
        raise ValidationError(DEJA_REPONDU)
    for date in waiting:
        date._history_user = by
    return waiting


@queued
def note_absence(reservation, by, absent=True):
    """Note that nobody came, or take it back: nothing is freed, nobody is told."""
    take(reservation, by)
    reservation.mark_absent(absent)


@queued
def cancel(creneau, motif, by, quiet=False, reponse="", **context):
    """
    Free the rooms and keep the row; `by` goes to the history, `reponse` to who had booked.

    Whoever is concerned is told, unless `quiet`; `context` is for that message.
    """
    take(creneau, by)
    if reponse:
        creneau.reponse = reponse
    creneau.mark_cancelled(motif)
    if not quiet:
        tell(creneau, "annulee", **context)


@queued
def publish(evenement, by=None):
    """Make an event and its dates public, in one transaction."""
    evenement = Evenement.objects.select_for_update().get(pk=evenement.pk)
    evenement._history_user = by
    evenement.mark_published()
    describe(evenement)
    return evenement


@queued
def describe(evenement):
    """Tell every date what its event says now; spans and rooms stay as they are."""
    evenement.occurrences.update(**evenement.repeated())


@queued
def close(fermeture):
    """Save a closure behind the bookings under way; `fermetures.hit()` then knows what it hits."""
    lock_rooms(whole_house(fermeture.maison))
    fermeture.full_clean()
    fermeture.save()
    return fermeture


@queued
def save_room(salle):
    """
    Save a room; the créneaux to come take its new parts and buffer.

    Raises ValidationError with the list of clashes when they would no longer fit; nothing changes.
    """
    lock_rooms(whole_house(salle.maison))
    salle.full_clean()
    salle.save()
    coming = Creneau.objects.holding().filter(maison=salle.maison, libere_a__gt=timezone.now())
    indoors = [Creneau.Portee.SALLE, Creneau.Portee.MAISON]
    coming = list(coming.filter(portee__in=indoors).order_by("debut"))
    smaller, larger = [], []
    for creneau in coming:
        before = set(creneau.emprise), creneau.libere_a
        creneau.measure()
        after = set(creneau.emprise), creneau.libere_a
        shrinks = after[0] <= before[0] and after[1] <= before[1]
        (smaller if shrinks else larger).append(creneau.pk)
    if clashes := overlapping(coming):
        raise ValidationError(clashes)
    # What shrinks makes room first; the trigger measures again what it is given.
    for keys in (smaller, larger):
        Creneau.objects.filter(pk__in=keys).update(fin=F("fin"))
    return salle


def overlapping(creneaux):
    """A sentence for each pair that holds one room at once; `creneaux` by their start."""
    sentences, open_ones = [], []
    for creneau in creneaux:
        open_ones = [other for other in open_ones if other.libere_a > creneau.debut]
        sentences += [
            f"{other.titre} ({heures.span(other.debut, other.fin)}) gênerait "
            f"{creneau.titre} ({heures.span(creneau.debut, creneau.fin)})."
            for other in open_ones
            if set(other.emprise) & set(creneau.emprise)
        ]
        open_ones.append(creneau)
    return sentences
