"""
What is told to the person of an appointment: one message for each thing that happens.

A subject, an SMS and a calendar are read on a locked screen, or by others: they say when and where,
never for what.
"""

from django.conf import settings
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone

from maisons import heures
from maisons.courriers import shortened
from notifications import sms
from notifications.envoi import post
from permanences import calendrier
from quartiers.models import Ville

# What happened: the title of the letter, and the first words of its subject.
OBJETS = {
    "a_confirmer": "Confirmez votre rendez-vous",
    "pris": "Votre rendez-vous est pris",
    "deplace": "Votre rendez-vous change",
    "annule": "Votre rendez-vous est annulé",
    "absence": "Votre rendez-vous est annulé",
    "absence_deplace": "Votre rendez-vous change",
    "retard": "Un retard pour votre rendez-vous",
    "plus_tot": "Une place se libère plus tôt",
    "rappel": "Rappel de votre rendez-vous",
    "rappel_a_confirmer": "Votre rendez-vous attend votre confirmation",
}
# The same, before the moment and the place, for a telephone.
TEXTOS = {
    "pris": "Rendez-vous pris",
    "deplace": "Nouveau rendez-vous",
    "annule": "Rendez-vous annulé",
    "absence": "Rendez-vous annulé par la maison",
    "absence_deplace": "Votre rendez-vous change",
    "retard": "Retard",
    "plus_tot": "Une place plus tôt",
    "rappel": "Rappel",
}
IN_CALENDARS = {"pris", "deplace", "annule", "absence", "absence_deplace", "rappel"}
# Of the keys of messages, before that of the appointment.
REMINDER = "rappel:rendez_vous:"
STARTS = ["rendez_vous:", REMINDER, "rappel:rendez_vous_a_confirmer:"]


def tell(rendez_vous, what, fois="", **context):
    """
    Write the message of one thing that happened to an appointment, in the transaction that does it.

    `what` is a key of OBJETS; « absence » becomes a change when the appointment still stands. Once
    for each state of the appointment: its key holds its sequence, and `fois` when one state has
    several. `context`: `avant`, in words, what was before a move; `raison`; `debut`, the hour of an
    earlier place.
    Returns the message, or None when nobody can be reached.
    """
    if what == "absence" and rendez_vous.alive:
        what = "absence_deplace"
    courriel, telephone = rendez_vous.reached_at
    if what == "retard":
        fois = fois or rendez_vous.vacation.retard
    return post(
        f"rendez_vous:{rendez_vous.pk}:{what}:{rendez_vous.sequence}:{fois}".rstrip(":"),
        courriel=courriel,
        telephone=telephone,
        expire_le=max(rendez_vous.fin, timezone.now()),
        **compose(rendez_vous, what, courriel, **context),
    )


def compose(rendez_vous, what, courriel, debut=None, avant="", raison=""):
    """What the message says: the fields of post(), but its key, to whom, until when."""
    maison, minutes = rendez_vous.vacation.maison, rendez_vous.vacation.retard
    act = f"deplacer/?jour={heures.local(debut).date()}" if debut else ""
    link = f"{settings.SITE_URL}/code/{rendez_vous.code}/"
    pieces = [calendrier.attached(rendez_vous)] if courriel and what in IN_CALENDARS else []
    context = {
        "what": what,
        "titre": OBJETS[what],
        "rendez_vous": rendez_vous,
        "permanence": rendez_vous.vacation.permanence,
        "maison": maison,
        "nom": rendez_vous.person,
        "ville": Ville.current(),
        "lien": link + act,
        "debut": debut,
        "minutes": minutes,
        "avant": avant,
        "raison": raison,
        "joint": bool(pieces),
    }
    page = f"permanences/courriels/{'rendez_vous' if courriel else 'telephone'}"
    at = when(debut or rendez_vous.debut)
    return {
        "nom": rendez_vous.person,
        "confidentiel": True,
        "creneau": rendez_vous.vacation_id,
        "objet": f"{OBJETS[what]} : {at}, {maison}",
        "texte": render_to_string(f"{page}.txt", context),
        "html": render_to_string(f"{page}.html", context) if courriel else "",
        "pieces": pieces,
        "sms": "" if courriel else texto(what, at, maison, link, minutes * (what == "retard")),
        "erreur": "" if courriel or sms.reaches(rendez_vous.telephone) else sms.LANDLINE,
        "secrets": [rendez_vous.code, rendez_vous.six_digits, str(rendez_vous.jeton)],
        "repondre_a": maison.courriel,
    }


def about(keys):
    """The messages that tell of these appointments, given by their keys."""
    starts = (f"{start}{key}:" for key in keys for start in STARTS)
    return Q(*[("cle__startswith", start) for start in starts], _connector=Q.OR)


def row_of(message):
    """The key of the appointment that a message tells of, or None."""
    start = next((start for start in STARTS if message.cle.startswith(start)), None)
    return int(message.cle.removeprefix(start).split(":")[0]) if start else None


def when(debut):
    """« mardi 24 novembre à 14 h 30 »."""
    return f"{heures.day(debut)} à {heures.hour(debut)}"


def texto(what, at, maison, link, minutes=0):
    """One SMS: what, when, where as far as it fits, the house's phone, the link to its page."""
    if what not in TEXTOS:
        return ""
    start = TEXTOS[what] + (f" de {minutes} min" if minutes else "")
    phone = f". Tél. {maison.telephone}" if maison.telephone else ""
    end = sms.plain(f"{phone}. {link}")
    place = sms.plain(", ".join(filter(None, [str(maison), maison.adresse])))
    return shortened(f"{sms.plain(f'{start} : {at},')} ", place, end)
