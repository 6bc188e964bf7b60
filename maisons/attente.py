"""What a booking without an account waits for: its person's mailbox, or a call from the desk."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from comptes import codes, limites
from comptes.models import Compteur
from maisons import heures
from maisons.forms.refus import tell_whole
from maisons.models.reservation import TIME_TO_ANSWER
from maisons.ouverture import openings
from quartiers.models import Ville

TIME_TO_CONFIRM = timedelta(hours=2)
TIME_TO_CALL = timedelta(hours=1)  # what is left of an opening must hold the day's calls
MOST_TRIES = 5  # of the six digits; the link of the message goes on


def deadline(reservation, now) -> datetime:
    """Until when its room is held: never after it begins."""
    if reservation.courriel:
        return min(now + TIME_TO_CONFIRM, reservation.debut)
    desk = next_opening(reservation.maison, now, Ville.current())
    return min(desk[1] if desk else now + TIME_TO_ANSWER, reservation.debut)


def next_opening(maison, now, ville):
    """(from, to) when the desk can call next: an hour at least; None within a month."""
    closures = maison.fermetures.closing(now)
    for opening in openings(maison, now, ville, closures):
        debut = max(opening.debut, now)
        if opening.fin - debut >= TIME_TO_CALL:
            return debut, opening.fin
    return None


def desk_in_words(maison, now, ville) -> str:
    """« mardi 24 novembre, jusqu’à 18 h », « lundi 30 novembre, de 9 h à 12 h », or nothing."""
    if not (span := next_opening(maison, now, ville)):
        return ""
    opens, closes = span
    since = "jusqu’à" if opens == now else f"de {heures.hour(opens)} à"
    return f"{heures.day(opens)}, {since} {heures.hour(closes)}"


def proof(reservation) -> str:
    """Of the address proposed: in the link of the last message sent there, nowhere else."""
    sent = f"{reservation.courriel_propose}:{reservation.sequence}"
    return codes.grouped(codes.make_code(f"adresse:{reservation.graine}:{sent}"))


def tries(reservation):
    """The row that counts wrong codes: of this hold, of these six digits."""
    return {
        "geste": "six chiffres",
        "cle": codes.digest(f"six:{reservation.pk}:{reservation.six_digits}"),
        "heure": reservation.cree_le.replace(minute=0, second=0, microsecond=0),
    }


def left(reservation) -> int:
    """How many tries of the six digits are left."""
    counted = Compteur.objects.filter(**tries(reservation)).first()
    return max(MOST_TRIES - counted.nombre, 0) if counted else MOST_TRIES


def matches(reservation, typed) -> bool:
    """Whether the six digits are the right ones; a wrong try is counted, one after the other."""
    with transaction.atomic():
        counted, _ = Compteur.objects.select_for_update().get_or_create(**tries(reservation))
        if counted.nombre >= MOST_TRIES:
            return False
        if typed == reservation.six_digits:
            return True
        counted.nombre += 1
        counted.save(update_fields=["nombre"])
        return False


def confirmed(request, form, row, confirm) -> bool:
    """Whether the six digits of a form are right and `confirm(row)` is done; else it says why."""
    if not form.is_valid():
        return False
    try:
        limites.count(request, "six")
        if not check(form, row):
            return False
        confirm(row)
    except ValidationError as error:
        tell_whole(form, error)
        return False
    return True


def corrected(request, form, row, write) -> bool:
    """Whether the message went to the address of a form, by `write(row, address)`; else why not."""
    if not form.is_valid():
        return False
    courriel = form.cleaned_data["courriel"]
    try:
        limites.count(request, "courriel", contact=courriel)
        write(row, courriel)
    except ValidationError as error:
        tell_whole(form, error)
        return False
    return True


def check(form, reservation) -> bool:
    """
    Whether the six digits of a form are the right ones; if not it says how many tries are left.

    After the last one, the page says what to do.
    """
    if matches(reservation, form.cleaned_data["chiffres"]):
        return True
    number = left(reservation)
    tries = f" Il reste {number} essai{'s' * (number > 1)}." if number else ""
    form.add_error("chiffres", f"Ce code n’est pas le bon.{tries}")
    return False
