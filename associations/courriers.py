"""
What is told to the person of a registration: one message for each thing that happens.

A subject and an SMS are read on a locked screen: they say which activity, never which child.
"""

from datetime import timedelta

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from associations import calendrier
from associations.models import Seance
from maisons import export_ics, heures
from maisons.courriers import shortened
from notifications import sms
from notifications.envoi import post
from quartiers.models import Ville

LIFE = timedelta(days=7)  # of what has no date of its own

# Of the keys of messages, before that of a pass, or of one registration.
OF_PASS = ["dossier:", "annonce:"]
OF_ONE = ["inscription:", "rappel:inscription:", "rappel:inscription_proposee:"]

# What happened: the title of the letter, and the first words of its subject.
OBJETS = {
    "a_confirmer": "Confirmez votre inscription",
    "inscrit": "Votre inscription est enregistrée",
    "attente": "Vous êtes sur liste d’attente",
    "proposee": "Une place se libère pour vous",
    "rappel_proposee": "Une place attend votre réponse",
    "acceptee": "Votre inscription est faite",
    "expiree": "La place proposée est passée à la personne suivante",
    "quittee": "Votre inscription est annulée",
    "rappel": "Rappel de votre séance",
    "annulee": "Une séance est annulée",
    "deplacee": "Une séance change",
    "ajoutee": "Une séance de plus",
}
# To an address that may not read the pass: neither its code nor who comes.
ADRESSES = {
    "adresse": "Confirmez votre nouvelle adresse",
    "adresse_changee": "L’adresse de votre inscription change",
}
SEVERAL = {"annulee": "Des séances sont annulées", "deplacee": "Des séances changent"}
SEVERAL |= {"ajoutee": "De nouvelles séances"}
# The same, before the activity, for a telephone.
TEXTOS = {
    "inscrit": "Inscription enregistrée",
    "attente": "Liste d’attente",
    "proposee": "Une place pour vous",
    "rappel_proposee": "Répondez : une place pour vous",
    "acceptee": "Inscription faite",
    "expiree": "Place passée à une autre personne",
    "quittee": "Inscription annulée",
    "rappel": "Rappel",
    "annulee": "Séance annulée",
    "deplacee": "Séance changée",
    "ajoutee": "Séance de plus",
}


def tell(row, what):
    """Of one registration: an offer, its answer, its end."""
    until = row.expire_le or timezone.now() + LIFE
    key = f"inscription:{row.pk}:{what}:{row.sequence}"
    return write(row.dossier, key, what, [row], until)


def tell_dossier(dossier, what):
    """Of one pass: all that it asks for, each with its state."""
    rows = list(dossier.lines().filter(annule_le=None))
    key = f"dossier:{dossier.pk}:{what}:{sum(row.sequence for row in rows)}"
    return write(dossier, key, what, rows, timezone.now() + LIFE)


def tell_address(dossier, what, courriel, preuve=""):
    """To another address than that of a pass: the one that is to replace it, or the one before."""
    rows = list(dossier.lines().filter(annule_le=None))
    activite = rows[0].activite
    page = reverse("associations:adresse", args=[dossier.jeton, preuve]) if preuve else ""
    context = {"titre": ADRESSES[what], "what": what, "nom": dossier.person, "dossier": dossier}
    context |= {"activite": activite, "maison": activite.maison, "ville": Ville.current()}
    context["lien"] = f"{settings.SITE_URL}{page}"
    return post(
        f"dossier:{dossier.pk}:{what}:{sum(row.sequence for row in rows)}",
        courriel=courriel,
        expire_le=timezone.now() + LIFE,
        nom=dossier.person,
        objet=f"{ADRESSES[what]} : {activite}",
        texte=render_to_string("associations/courriels/adresse.txt", context),
        html=render_to_string("associations/courriels/adresse.html", context),
        secrets=[dossier.six_digits, preuve, str(dossier.jeton)] if preuve else [],
        repondre_a=activite.association.courriel or activite.maison.courriel,
    )


def tell_dates(dossier, dates, what, avant="", left_out=()):
    """Of sessions of one activity that were moved, cancelled or added: one letter for all."""
    first, last = dates[0], max(date.fin for date in dates)
    key = f"dossier:{dossier.pk}:{what}:{first.pk}:{first.sequence}"
    told = {"dates": dates, "avant": avant, "ecartees": left_out}
    return write(dossier, key, what, [], max(last, timezone.now() + LIFE), **told)


def send(dossier, key, titre, lines, expire_le):
    """Post a message of somebody else's words: by SMS its title, and a page to read the rest on."""
    courriel, telephone = dossier.reached_at
    link = f"{settings.SITE_URL}/code/{dossier.code}/"
    context = {"titre": titre, "lines": lines, "nom": dossier.person, "lien": link}
    context |= {"ville": Ville.current(), "maison": None}
    return post(
        key,
        courriel=courriel,
        telephone=telephone,
        expire_le=expire_le,
        nom=dossier.person,
        objet=titre,
        texte=render_to_string("associations/courriels/annonce.txt", context),
        html=render_to_string("associations/courriels/annonce.html", context) if courriel else "",
        sms="" if courriel else shortened("", sms.plain(titre), sms.plain(f". {link}")),
        secrets=[dossier.code, dossier.six_digits, str(dossier.jeton)],
    )


def write(dossier, key, what, rows, until, **context):
    courriel, telephone = dossier.reached_at
    composed = compose(dossier, what, courriel, rows, **context)
    return post(key, courriel=courriel, telephone=telephone, expire_le=until, **composed)


def compose(dossier, what, courriel, rows, dates=(), avant="", ecartees=()):
    """What the message says: the fields of post(), but its key, to whom, until when."""
    activite = dates[0].activite if dates else rows[0].activite
    link = f"{settings.SITE_URL}/code/{dossier.code}/"
    said = "attente" if what == "inscrit" and all(row.rang for row in rows) else what
    titre = SEVERAL.get(said, OBJETS[said]) if len(dates) > 1 else OBJETS[said]
    pieces = attached(rows, dates, what) if courriel else []
    calendrier.set_first(rows)
    context = {
        "what": what,
        "titre": titre,
        "dossier": dossier,
        "rows": rows,
        "activite": activite,
        "maison": activite.maison,
        "nom": dossier.person,
        "ville": Ville.current(),
        "lien": link,
        "dates": dates,
        "avant": avant,
        "ecartees": ecartees,
        "until": min((row.expire_le for row in rows if row.expire_le), default=None),
        "joint": bool(pieces),
        "seated": any(row.place for row in rows),
    }
    page = f"associations/courriels/{'inscription' if courriel else 'telephone'}"
    return {
        "nom": dossier.person,
        "creneau": concerned(activite, rows, dates),
        "objet": f"{titre} : {named(activite, rows)}",
        "texte": render_to_string(f"{page}.txt", context),
        "html": render_to_string(f"{page}.html", context) if courriel else "",
        "pieces": pieces,
        "sms": "" if courriel else texto(said, rows, dates, activite, link),
        "erreur": "" if courriel or sms.reaches(str(dossier.telephone)) else sms.LANDLINE,
        "secrets": [dossier.code, dossier.six_digits, str(dossier.jeton)],
        "repondre_a": activite.association.courriel or activite.maison.courriel,
    }


def named(activite, rows):
    """« Judo », « Judo et 2 autres »."""
    more = len({row.activite_id for row in rows} - {activite.pk})
    return f"{activite} et {more} autre{'s' * (more > 1)}" if more else str(activite)


def concerned(activite, rows, dates):
    """The key of the session that it tells of, or of the next: its house has the calls to make."""
    told = [date.pk for date in dates] or [row.seance_id for row in rows if row.seance_id]
    if told:
        return told[0]
    coming = Seance.objects.upcoming(timezone.now()).filter(activite=activite)
    return coming.values_list("pk", flat=True).first()


def attached(rows, dates, what):
    if dates:
        return [export_ics.attached(*dates) | {"nom": "seances.ics"}]
    file = calendrier.attached(rows) if what in ("inscrit", "acceptee", "rappel") else None
    return [file] if file else []


def texto(what, rows, dates, activite, link):
    """One SMS: what, which activity as far as it fits, when, the link to its page."""
    if what not in TEXTOS:
        return ""
    when = [date.debut for date in dates] or [row.seance.debut for row in rows if row.seance]
    at = f", {heures.day(when[0])} à {heures.hour(when[0])}" if when else ""
    if what in ("proposee", "rappel_proposee") and rows:
        until = rows[0].expire_le
        at = f". Répondez avant {heures.day(until)} à {heures.hour(until)}"
    if what == "attente" and len(rows) == 1:
        at = f", rang {rows[0].rang}{at}"
    place = sms.plain(named(activite, rows))
    return shortened(sms.plain(f"{TEXTOS[what]} :") + " ", place, sms.plain(f"{at}. {link}"))
