"""
The only writer of registrations. The lock of the activity is the queue; that no place and no rank
is given twice, constraints prove.

Places are numbers from 1 to those of the activity; the waiting list has ranks from 1, without a
hole. Whenever a place is free and somebody waits, it is offered to the first, for 48 hours.
"""

from datetime import timedelta
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from associations import courriers
from associations.models import Activite, Dossier, Inscription, Seance
from comptes import connus
from maisons.models.demande import queue_for
from maisons.verrou import queued

TIME_TO_CONFIRM = timedelta(hours=2)
TIME_TO_ACCEPT = timedelta(hours=48)
PRISE = "Cette place vient d’être prise."
COMPLET = "C’est complet, et il n’y a pas de liste d’attente."
PLEIN = "La dernière place vient d’être prise. Vous pouvez demander à attendre."
FERMEES = "Les inscriptions sont fermées."
COMMENCE = "C’est déjà commencé : il n’est plus temps de s’inscrire."
DEJA_INSCRIT = "Cette personne est déjà inscrite."
DEJA_FINIE = "Cette inscription est déjà annulée."
PAS_PROPOSEE = "Cette place n’est plus proposée : elle est allée à la personne suivante."
DEJA_CONFIRME = "Ce dossier n’attend plus de confirmation."
Etat = Inscription.Etat

queued = partial(queued, lost=PRISE, models=[Inscription])


def lock(*keys):
    """{key: activity}, locked in id order so that nobody deadlocks; what lapsed is handed on."""
    rows = Activite.objects.filter(pk__in=keys).order_by("pk").select_related("association")
    locked = {row.pk: row for row in rows.select_for_update(of=("self",), no_key=True)}
    for activite in locked.values():
        hand_on(activite)
    return locked


def hand_on(activite):
    """End what nobody confirmed or accepted in time; each place goes to the next who waits."""
    lapsed = Inscription.objects.expired().filter(activite=activite).order_by("pk")
    seances = set()
    for row in lapsed.select_related("seance", "dossier__compte"):
        row.activite = activite
        offered = row.etat == Etat.PROPOSEE
        seances.add(row.seance)
        end(row, Etat.EXPIREE)
        if offered:
            courriers.tell(row, "expiree")
    for seance in seances:
        settle(activite, seance)


def end(row, etat):
    """It keeps neither its place nor its rank: who waited behind it moves up."""
    # As it is now: several that end together have moved it up since it was read.
    rang = Inscription.objects.values_list("rang", flat=True).get(pk=row.pk)
    row.mark(etat)
    row.save()
    if rang:
        move_up(Inscription.objects.of_list(row.activite, row.seance), rang)


def move_up(rows, rang):
    """Of a list, those behind a rank that is free take one each."""
    rows.filter(rang__gt=rang).update(rang=F("rang") - 1)


def settle(activite, seance):
    """Offer the free places of a list in the order of its ranks, then say what is left."""
    rows = Inscription.objects.of_list(activite, seance)
    until = ends_at(activite, seance)
    now = timezone.now()
    if until and until > now:
        for number in free_places(activite, seance):
            first = rows.waiting().select_related("dossier__compte", "seance").first()
            if first is None:
                break
            first.activite = activite
            rang = first.rang
            first.mark(Etat.PROPOSEE, number, expire_le=min(now + TIME_TO_ACCEPT, until))
            first.save()
            move_up(rows, rang)
            courriers.tell(first, "proposee")
    describe(activite, seance)


def ends_at(activite, seance):
    """When nobody can join any more: at the start of the session, or of the season's last one."""
    if seance:
        return None if seance.annule_le else seance.debut
    dates = activite.seances.filter(annule_le=None)
    return dates.order_by("-debut").values_list("debut", flat=True).first()


def next_of(activite):
    """Its next session, or None."""
    return Seance.objects.upcoming(timezone.now()).filter(activite=activite).holding().first()


def free_places(activite, seance):
    """Numbers that nobody holds, the lowest first."""
    rows = Inscription.objects.of_list(activite, seance).holding()
    held = set(rows.values_list("place", flat=True))
    return [number for number in range(1, activite.places + 1) if number not in held]


def in_words(activite, seance=None) -> str:
    """« 3 places restantes », as the agenda and the pages say it."""
    if not activite.registers:
        return "sans inscription"
    left = len(free_places(activite, None if activite.by_season else seance))
    if left:
        return f"{left} place{'s' * (left > 1)} restante{'s' * (left > 1)}"
    return "complet, liste d’attente ouverte" if activite.liste_attente else "complet"


def open_to_all(activite, seance=None):
    """Whether the public may ask for a place of this list, or at least wait for one."""
    if not (activite.registers and activite.publie_le and activite.ouverte):
        return False
    until, seance = ends_at(activite, seance), None if activite.by_season else seance
    return bool(until and until > timezone.now()) and (
        activite.liste_attente or bool(free_places(activite, seance))
    )


def describe(activite, seance):
    """Its sessions to come say how many places are left."""
    rows = Seance.objects.upcoming(timezone.now()).filter(activite=activite).order_by()
    if seance:
        rows = rows.filter(pk=seance.pk)
    words = in_words(activite, seance)
    rows.exclude(mention=words).update(mention=words)


def seat(row):
    """The lowest free place, else the last rank of the waiting list; raises ValidationError."""
    activite, seance, dossier = row.activite, row.seance, row.dossier
    until = ends_at(activite, seance)
    if not until or until <= timezone.now():
        raise ValidationError(COMMENCE)
    unproved = None if dossier.prouve_le else min(timezone.now() + TIME_TO_CONFIRM, until)
    if free := free_places(activite, seance):
        etat = Etat.A_CONFIRMER if unproved else Etat.INSCRITE
        row.mark(etat, free[0], expire_le=unproved)
    elif activite.liste_attente and not row.may_wait:
        raise ValidationError(PLEIN)
    elif activite.liste_attente:
        waiting = Inscription.objects.of_list(activite, seance).waiting().count()
        row.mark(Etat.ATTENTE, rang=waiting + 1, expire_le=unproved)
    else:
        raise ValidationError(COMPLET)


def check_rules(row):
    """What its activity accepts; staff may register somebody when the public no longer can."""
    activite, dossier = row.activite, row.dossier
    if not (activite.registers and activite.publie_le):
        raise ValidationError(FERMEES)
    if not (activite.ouverte or dossier.saisi_par_id):
        raise ValidationError(FERMEES)
    same = Inscription.objects.of_list(activite, row.seance).alive().exclude(pk=row.pk)
    passes = Dossier.objects.of_contact(dossier.contact)
    if row.prenom and dossier.telephone:  # a child, asked for by e-mail, then by phone
        passes |= Dossier.objects.filter(telephone=dossier.telephone)
    mine = same.filter(dossier__in=passes)
    names = mine.filter(naissance=row.naissance).values_list("prenom", flat=True)
    if spelt(row.prenom) in map(spelt, names):
        raise ValidationError(DEJA_INSCRIT)


def spelt(prenom):
    """A first name as it is compared: « Thảo-Mỹ » is « thao my »."""
    letters = connus.letters(prenom)
    return letters if letters.isascii() else prenom.casefold()  # elsewhere marks tell apart


@queued
def register(dossier, rows, quiet=False):
    """
    Write one pass: a person, and registrations not saved yet, for them or for children.

    All of them or none. With an account, a phone number or by staff they are made at once; else
    their places are kept until the e-mail is answered. Raises ValidationError; the person is told
    once, unless `quiet`.
    """
    locked = lock(*{row.activite_id for row in rows})
    if dossier.compte or dossier.saisi_par or not dossier.courriel:
        dossier.prouve_le = timezone.now()
    dossier.full_clean()
    queue_for(dossier.contact)
    dossier.save()
    for row in rows:
        row.dossier, row.activite = dossier, locked[row.activite_id]
        enter(row)
    if not quiet:
        courriers.tell_dossier(dossier, "inscrit" if dossier.prouve_le else "a_confirmer")
    return dossier


def enter(row):
    """One registration, at its place or rank, under the lock of its activity."""
    try:
        check_rules(row)
        seat(row)
    except ValidationError as error:
        raise ValidationError(f"{row.activite}, {row.who} : {error.message}") from error
    row.full_clean(validate_constraints=False)
    row.save()
    describe(row.activite, row.seance)


@queued
def foresee(dossier, rows):
    """Raise what would refuse them now: as if they were written, and nothing is."""
    register(dossier, rows, quiet=True)
    transaction.set_rollback(True)


@queued
def confirm(dossier):
    """
    The person answered: what was kept for them is theirs.

    After its time too, at a place that is still free or at the end of the waiting list.
    """
    rows = list(dossier.inscriptions.select_related("seance").order_by("pk"))
    locked = lock(*{row.activite_id for row in rows})
    dossier.refresh_from_db(from_queryset=Dossier.objects.select_for_update(of=("self",)))
    if dossier.prouve_le:
        raise ValidationError(DEJA_CONFIRME)
    dossier.prouve_le = timezone.now()
    dossier.save()
    refusal = DEJA_FINIE
    for row in dossier.inscriptions.select_related("seance").order_by("pk"):
        row.dossier, row.activite = dossier, locked[row.activite_id]
        try:
            keep(row)
        except ValidationError as error:
            refusal = error
    if not dossier.inscriptions.alive().exists():
        raise ValidationError(refusal)
    courriers.tell_dossier(dossier, "inscrit")


def keep(row):
    """What was kept stays, for good; what had lapsed is tried anew."""
    if row.etat == Etat.EXPIREE:
        enter(row)
    elif row.etat in (Etat.A_CONFIRMER, Etat.ATTENTE):
        row.mark(Etat.ATTENTE if row.rang else Etat.INSCRITE, row.place, row.rang)
        row.save()


@queued
def send_again(dossier, courriel):
    """Write once more to who has not answered, or to another address, with another code."""
    lock(*dossier.inscriptions.values_list("activite", flat=True))
    dossier.refresh_from_db(from_queryset=Dossier.objects.select_for_update(of=("self",)))
    if dossier.prouve_le:
        raise ValidationError(DEJA_CONFIRME)
    if courriel != dossier.courriel:
        dossier.courriel = courriel
        dossier.give_code()
        dossier.full_clean()
        dossier.save()
    until = timezone.now() + TIME_TO_CONFIRM
    dossier.inscriptions.filter(expire_le__isnull=False).exclude(etat=Etat.PROPOSEE).update(
        expire_le=until, sequence=F("sequence") + 1
    )
    courriers.tell_dossier(dossier, "a_confirmer")


def reread(row):
    """The row under the lock of its activity, which is taken first; still alive, or a refusal."""
    activite = lock(row.activite_id)[row.activite_id]
    row.refresh_from_db(
        from_queryset=Inscription.objects.select_related("dossier__compte", "seance")
    )
    row.activite = activite
    return row


@queued
def accept(row):
    """Take the place that is offered; whoever was unproved is proved by it, for all their pass."""
    if row.dossier.unproved:
        lock(*row.dossier.inscriptions.values_list("activite", flat=True))
    reread(row)
    if row.etat != Etat.PROPOSEE:
        raise ValidationError(PAS_PROPOSEE)
    row.mark(Etat.INSCRITE, row.place)
    row.save()
    if row.dossier.prouve_le:
        courriers.tell(row, "acceptee")
        return
    row.dossier.prouve_le = timezone.now()
    row.dossier.save(update_fields=["prouve_le"])
    for other in row.dossier.inscriptions.alive().exclude(pk=row.pk):
        keep(other)
    courriers.tell_dossier(row.dossier, "inscrit")


@queued
def leave(row, quiet=False, what="quittee"):
    """Give up a place, a rank or an offer; the place goes to the next who waits."""
    reread(row)
    if not row.is_alive:
        raise ValidationError(DEJA_FINIE)
    end(row, Etat.ANNULEE)
    if not quiet:
        courriers.tell(row, what)
    settle(row.activite, row.seance)


@queued
def change_places(activite, places, by=None):
    """Give an activity more places, which go to who waits, or fewer, never under those held."""
    activite = lock(activite.pk)[activite.pk]
    for seance in lists(activite):
        pack(activite, seance, places)
    activite.places, activite._history_user = places, by
    activite.full_clean()
    activite.save()
    for seance in lists(activite):
        settle(activite, seance)
    return activite


def lists(activite):
    """The lists of an activity to come: that of its season, or one for each session."""
    if activite.by_season:
        return [None]
    return list(Seance.objects.upcoming(timezone.now()).filter(activite=activite))


def pack(activite, seance, places):
    """Number the places held from 1 on; raises ValidationError when they are more than `places`."""
    held = list(Inscription.objects.of_list(activite, seance).holding().order_by("place"))
    if len(held) > places:
        raise ValidationError(
            {"places": f"{len(held)} personnes sont inscrites : gardez au moins autant de places."}
        )
    for number, row in enumerate(held, 1):
        if row.place != number:
            Inscription.objects.filter(pk=row.pk).update(place=number)


def release_expired(most=500):
    """Hand on what nobody answered in time, activity by activity; a second run finds none."""
    lapsed = Inscription.objects.expired().order_by("expire_le").values_list("activite", flat=True)
    for key in dict.fromkeys(lapsed[:most]):
        with transaction.atomic():
            lock(key)
