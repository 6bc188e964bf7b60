"""An event that people follow: reminded of the day before, told once when a date changes."""

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, CharField, OuterRef, Value
from django.db.models.functions import Cast, Concat, JSONObject, Substr
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from maisons import heures
from maisons.models import Evenement, Occurrence
from notifications import rappels, suivi
from notifications.adresses import digest
from notifications.envoi import post
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
ARRET = "jeton-d-arret"  # stands for each person's own: the letter is rendered once


def subject(event_pk):
    return f"evenement:{event_pk}"


class EvenementSujet(Sujet):
    key = "evenement"

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


def followers():
    """The confirmed subscriptions to the event of a date, in a subquery of its row."""
    key = Cast(OuterRef("evenement_id"), CharField())
    return Abonnement.objects.in_force().filter(sujet=Concat(Value("evenement:"), key))


def followed():
    """The keys of the events that somebody follows: few, of all the dates of a city."""
    key = Cast(Substr("sujet", len("evenement:") + 1), BigIntegerField())
    rows = Abonnement.objects.in_force().filter(sujet__startswith="evenement:")
    return rows.values_list(key, flat=True)


def with_followers(dates):
    told = JSONObject(pk="pk", courriel="courriel", compte="compte__courriel", depuis="confirme_le")
    return dates.annotate(suivi_par=ArraySubquery(followers().order_by("pk").values(json=told)))


def contacts(date):
    """[{"courriel", "arret"}] of a row that `with_followers` read, each address once."""
    found = {}
    for row in date.suivi_par:
        courriel = row["compte"] or row["courriel"]
        found.setdefault(courriel, {"courriel": courriel, "arret": suivi.sign(row["pk"])})
    return list(found.values())


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
    for row in rows:
        reached = suivi.address(row)
        cle = f"suivi:{first.pk}:{what}:{first.sequence}:{digest(reached, 'maisons.suivre')}"
        post(cle, courriel=reached, expire_le=until, **personal(letter, suivi.sign(row.pk)))


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
        "arret": suivi.stop_address(ARRET),
    }
    page = "maisons/courriels/suivi"
    return {
        "objet": f"{OBJETS[what]} : {event}, {heures.day(date.debut)}",
        "creneau": date.pk,
        "texte": render_to_string(f"{page}.txt", context),
        "html": render_to_string(f"{page}.html", context),
    }


def personal(letter, token):
    """The letter with the token that ends it for one person, erased from what is kept."""
    mine = {name: letter[name].replace(ARRET, token) for name in ("texte", "html")}
    ends = {"desabonnement": suivi.stop_address(token), "secrets": [token]}
    return letter | mine | ends


class EventReminder(rappels.Reminder):
    """To who follows an event, the day before each of its dates."""

    name = "evenement_suivi"
    delays = [timedelta(days=1)]
    locked = ["self", "creneau"]

    def rows(self):
        dates = Occurrence.objects.public().holding().filter(evenement__in=followed())
        return with_followers(dates).select_related("evenement", "maison", "salle")

    def occasions(self, date):
        """Not to who follows it since then: they have just read when it is."""
        since = {}
        for row in date.suivi_par:
            since.setdefault(row["compte"] or row["courriel"], parse_datetime(row["depuis"]))
        return [one for one in super().occasions(date) if since[one.courriel] <= one.leaves]

    def recipients(self, date):
        return [(contact["courriel"], "") for contact in contacts(date)]

    def told_at(self, date):
        return max(date.publie_le, date.modifie_le) if date.sequence else date.publie_le

    def write(self, date, courriel, telephone, **fields):
        [token] = [c["arret"] for c in contacts(date) if c["courriel"] == courriel]
        post(courriel=courriel, **fields, **personal(compose(date, "rappel"), token))
