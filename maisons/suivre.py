"""An event that people follow: reminded of the day before, told once when a date changes."""

from datetime import timedelta

from django.conf import settings
from django.db.models import BigIntegerField
from django.db.models.functions import Cast, Substr
from django.template.loader import render_to_string
from django.utils import timezone

from maisons import heures
from maisons.models import Evenement, Occurrence
from notifications import suivi
from notifications.lecteurs import FollowedReminder
from notifications.models import Abonnement
from notifications.sujets import Sujet
from quartiers.models import Ville

KEPT = timedelta(days=31)  # after the last date: there may be another one
OBJETS = {
    "rappel": "C’est bientôt",
    "deplacee": "Une date change",
    "annulee": "Une date est annulée",
    "ajoutee": "De nouvelles dates",
}


def subject(event_pk):
    return f"evenement:{event_pk}"


class EvenementSujet(Sujet):
    key = "evenement"
    this = "cet événement"
    promise = "Un e-mail vous rappelle chaque date la veille. Il vous dit aussi ce qui change."

    def told(self, keys):
        rows = Evenement.objects.public().filter(pk__in=keys).select_related("maison")
        ville = Ville.current()
        return {
            event.pk: {
                "titre": str(event),
                "url": event.get_absolute_url(),
                "maison": event.maison,
                "ville": ville,
            }
            for event in rows
        }

    def over(self, keys):
        recent = Occurrence.objects.filter(fin__gt=timezone.now() - KEPT, evenement__in=keys)
        return set(keys) - set(recent.values_list("evenement_id", flat=True))


def followed():
    """The keys of the events that somebody follows: few, of all the dates of a city."""
    key = Cast(Substr("sujet", len("evenement:") + 1), BigIntegerField())
    rows = Abonnement.objects.in_force().filter(sujet__startswith="evenement:")
    return rows.values_list(key, flat=True)


def tell(dates, what, avant=""):
    """One letter to each follower, in the transaction that changes these dates of one event."""
    first = dates[0]
    if not first.publie_le:
        return
    rows = suivi.in_force(subject(first.evenement_id))
    if not rows:
        return
    letter = compose(first, what, dates, avant)
    until = max(timezone.now(), *(date.fin for date in dates))
    people = [(suivi.address(row), suivi.sign(row.pk)) for row in rows]
    about = f"suivi:{first.pk}:{what}:{first.sequence}"
    suivi.tell_all(people, (about, "maisons.suivre"), letter | {"expire_le": until})


def compose(date, what, dates=(), avant=""):
    """The fields of post() that all followers read alike."""
    event = date.evenement
    context = {
        "titre": OBJETS[what],
        "what": what,
        "evenement": event,
        "dates": dates or [date],
        "date": date,
        "avant": avant,
        "maison": date.maison or event.maison,
        "ville": Ville.current(),
        "lien": f"{settings.SITE_URL}{event.get_absolute_url()}",
        "arret": suivi.stop_address(suivi.ARRET),
    }
    page = "maisons/courriels/suivi"
    return {
        "objet": f"{OBJETS[what]} : {event}, {heures.day(date.debut)}",
        "creneau": date.pk,
        "texte": render_to_string(f"{page}.txt", context),
        "html": render_to_string(f"{page}.html", context),
    }


class EventReminder(FollowedReminder):
    """To who follows an event, the day before each of its dates."""

    name = "evenement_suivi"
    delays = [timedelta(days=1)]
    locked = ["self", "creneau"]
    sujet, column = "evenement", "evenement_id"

    def dates(self):
        dates = Occurrence.objects.public().holding().filter(evenement__in=followed())
        return dates.select_related("evenement", "maison", "salle")

    def told_at(self, date):
        return max(date.publie_le, date.modifie_le) if date.sequence else date.publie_le

    def letter(self, date, follows):
        return compose(date, "rappel")
