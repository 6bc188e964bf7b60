"""What a booking tells the person who asked for it: one message for each thing that happens."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from maisons import attente, export_ics, heures
from notifications import sms
from notifications.envoi import post
from quartiers.models import Ville

# What happened: the message's subject, before the room and the hours.
OBJETS = {
    "a_confirmer": "Confirmez votre réservation",
    "adresse": "Confirmez votre nouvelle adresse",
    "adresse_changee": "L’adresse de votre réservation change",
    "demandee": "Votre demande est envoyée",
    "confirmee": "Votre réservation est faite",
    "refusee": "Votre demande est refusée",
    "deplacee": "Votre réservation change",
    "annulee": "Votre réservation est annulée",
    "expiree": "Votre demande est restée sans réponse",
    "rappel": "Rappel de votre réservation",
    "rappel_a_confirmer": "Votre réservation attend votre confirmation",
}
# The same, before the moment and the place, for a telephone.
TEXTOS = {
    "demandee": "Demande envoyée",
    "confirmee": "Réservé",
    "refusee": "Demande refusée",
    "deplacee": "Nouveau moment",
    "annulee": "Réservation annulée",
    "expiree": "Demande sans réponse",
    "rappel": "Rappel",
}
IN_CALENDARS = {"confirmee", "deplacee", "annulee", "rappel"}  # with a file that a calendar reads


def tell(reservation, what, a="", avant="", alternatives=(), dates=(), **context):
    """
    Write the message of one thing that happened to a booking, in the transaction that does it.

    `what` is a key of OBJETS. Once for each state of the booking: its key holds its sequence.
    `avant` says in words what was before a move; `alternatives` are [{"texte", "lien"}]; `dates`
    are those of a series.
    `a` is another address than the person's, to which no code is sent.
    """
    courriel, telephone = (a, "") if a else reservation.reached_at
    context |= {"avant": avant, "alternatives": alternatives, "dates": dates}
    return post(
        f"reservation:{reservation.pk}:{what}:{reservation.sequence}",
        courriel=courriel,
        telephone=telephone,
        expire_le=max(reservation.fin, timezone.now()),
        **compose(reservation, what, courriel, **context),
    )


def compose(reservation, what, courriel, dates=(), **context):
    """What the message of a booking says: the fields of post(), but its key, to whom, how long."""
    link = f"{settings.SITE_URL}/code/{reservation.code}/"
    proof, pieces = attente.proof(reservation), []
    if courriel and what in IN_CALENDARS:
        pieces = [export_ics.attached(*(dates or [reservation]))]
    context |= {
        "dates": dates,
        "joint": bool(pieces),
        "preuve": proof,
        "reservation": reservation,
        "maison": reservation.maison,
        "nom": reservation.person,
        "ville": Ville.current(),
        "site": settings.SITE_URL,
        "lien": link,
        "titre": OBJETS[what],
    }
    page = f"maisons/courriels/{what if courriel else 'telephone'}"
    return {
        "nom": reservation.person,
        "creneau": reservation.pk,
        "objet": f"{OBJETS[what]} : {reservation.salle}, {heures.day(reservation.debut)}",
        "texte": render_to_string(f"{page}.txt", context),
        "html": render_to_string(f"{page}.html", context) if courriel else "",
        "pieces": pieces,
        "sms": texto(TEXTOS[what], reservation, link) if not courriel and what in TEXTOS else "",
        "secrets": [reservation.code, reservation.six_digits, str(reservation.jeton), proof],
        "repondre_a": reservation.maison.courriel,
    }


def texto(start, reservation, link):
    """One SMS: what, when, where as far as it fits, the house's phone, the link."""
    when = f"{heures.day(reservation.debut)} à {heures.hour(reservation.debut)}"
    phone = reservation.maison.telephone
    end = f". Tél. {phone}. {link}" if phone else f". {link}"
    place = sms.plain(f"{reservation.salle}, {reservation.maison}")
    return shortened(sms.plain(f"{start} : {when}, "), place, sms.plain(end))


def shortened(start, place, end):
    room = sms.LONGEST - len(start) - len(end)
    return start + (place if len(place) <= room else f"{place[: room - 3].rstrip()}...") + end
