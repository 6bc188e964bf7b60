"""What is told to the person of a registration: one message for each thing that happens."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from maisons import heures
from notifications.envoi import post
from quartiers.models import Ville

LIFE = timedelta(days=7)  # of what has no date of its own

# What happened: the title of the letter, and the first words of its subject.
OBJETS = {
    "a_confirmer": "Confirmez votre inscription",
    "inscrit": "Votre inscription est enregistrée",
    "proposee": "Une place se libère pour vous",
    "acceptee": "Votre inscription est enregistrée",
    "expiree": "La place proposée est passée à la personne suivante",
    "quittee": "Votre inscription est annulée",
    "annulee": "Une séance est annulée",
    "deplacee": "Une séance change",
    "ajoutee": "Une séance de plus",
}


def link(dossier):
    return f"{settings.SITE_URL}/code/{dossier.code}/"


def send(dossier, key, titre, lines, expire_le, creneau=None):
    """Post one message, by e-mail, else by SMS, else as a call to make."""
    courriel, telephone = dossier.reached_at
    body = "\n\n".join([f"Bonjour {dossier.person},", *lines, link(dossier), str(Ville.current())])
    return post(
        key,
        nom=dossier.person,
        courriel=courriel,
        telephone=telephone,
        objet=titre,
        texte=body,
        sms="" if courriel else f"{titre}. {link(dossier)}",
        secrets=[dossier.code, dossier.six_digits],
        expire_le=expire_le,
        creneau=creneau,
    )


def tell(row, what):
    """Of one registration: an offer, its end."""
    until = row.expire_le or timezone.now() + LIFE
    lines = [f"{row.who} : {row.activite}."]
    if row.expire_le:
        lines.append(f"Répondez avant le {heures.moment(row.expire_le)}.")
    key = f"inscription:{row.pk}:{what}:{row.sequence}"
    return send(row.dossier, key, f"{OBJETS[what]} : {row.activite}", lines, until)


def tell_dossier(dossier, what):
    """Of one pass: all that it asks for, each with its state."""
    rows = dossier.inscriptions.alive().select_related("activite").order_by("pk")
    lines = [f"{row.who} : {row.activite}, {row.get_etat_display()}." for row in rows]
    key = f"dossier:{dossier.pk}:{what}:{sum(row.sequence for row in rows)}"
    return send(dossier, key, OBJETS[what], lines, timezone.now() + LIFE)


def tell_dates(dossier, dates, what, avant="", left_out=()):
    """Of sessions of one activity that were moved, cancelled or added."""
    first = dates[0]
    lines = [f"{first.titre} : {heures.span(date.debut, date.fin)}" for date in dates]
    key = f"dossier:{dossier.pk}:{what}:{first.pk}:{first.sequence}"
    return send(dossier, key, f"{OBJETS[what]} : {first}", lines, first.fin, first.pk)
