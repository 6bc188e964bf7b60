"""What is told to an association of the rooms that it is lent: one message for each thing."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from associations.models import MembreAssociation
from maisons import export_ics, heures
from notifications.envoi import post
from quartiers.models import Ville

# What happened: the title of the letter, and the first words of its subject.
OBJETS = {
    "demandee": "Votre demande de salle est envoyée",
    "confirmee": "Le prêt de salle est accordé",
    "refusee": "Le prêt de salle est refusé",
    "deplacee": "Le prêt de salle change",
    "annulee": "Le prêt de salle est annulé",
    "expiree": "Votre demande de salle est restée sans réponse",
    "ajoutee": "Le prêt de salle a de nouvelles dates",
}
IN_CALENDARS = {"confirmee", "deplacee", "annulee", "ajoutee"}


def tell(pret, what, dates=(), **context):
    """
    Write to each person concerned, once for each state of the loan; `dates` are of its series.

    `avant` says in words what was before a move; `left_out` are the days left out of a series.
    """
    dates = dates or [pret]
    for person in pret.told(acting().filter(association=pret.association_id)):
        post(
            f"pret:{pret.pk}:{what}:{pret.sequence}:{person.pk}",
            courriel=person.courriel,
            expire_le=max(timezone.now(), *(date.fin for date in dates)),
            **compose(pret, what, person, dates=dates, **context),
        )


def acting():
    """The members in force, of all associations, with their accounts."""
    return MembreAssociation.objects.in_force().select_related("compte").order_by("pk")


def compose(pret, what, person, dates, avant="", left_out=(), **context):
    """What the message says: the fields of post(), but its key, to whom, until when."""
    page = reverse("admin:associations_miseadisposition_change", args=[pret.pk])
    context = {
        "titre": OBJETS[what],
        "what": what,
        "pret": pret,
        "dates": dates,
        "avant": avant,
        "ecartees": left_out,
        "maison": pret.maison,
        "nom": str(person),
        "lien": f"{settings.SITE_URL}{page}",
        "ville": Ville.current(),
    }
    letter = "associations/courriels/pret"
    return {
        "nom": str(person),
        "creneau": pret.pk,
        "objet": f"{OBJETS[what]} : {pret.salle}, {heures.day(dates[0].debut)}",
        "texte": render_to_string(f"{letter}.txt", context),
        "html": render_to_string(f"{letter}.html", context),
        "pieces": [export_ics.attached(*dates)] if what in IN_CALENDARS else [],
        "repondre_a": pret.maison.courriel,
    }
