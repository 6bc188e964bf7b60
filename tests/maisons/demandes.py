"""Requests in the states that the desk meets."""

from datetime import time, timedelta

from django.utils import timezone

from maisons import planning
from maisons.heures import starts_at
from maisons.models import Reservation, Serie
from notifications.envoi import post
from tests.factories import ReservationFactory

PHONE = "+33612345678"


def on(days, hour=12):
    """An hour of the city's clock, so many days from today."""
    return starts_at(timezone.localdate() + timedelta(days=days), time(hour))


def by_phone(room, **fields):
    """Asked for without an e-mail address, held until tomorrow."""
    held = {"etat": Reservation.Etat.A_CONFIRMER, "expire_le": timezone.now() + timedelta(days=1)}
    person = {"demandeur": None, "nom": "M. Ribeiro", "telephone": PHONE}
    return ReservationFactory(salle=room, **held | person | fields)


def in_serie(room, count, **fields):
    """So many requests of one series, a week apart."""
    day = timezone.localdate() + timedelta(days=7)
    rule = {"regle": "FREQ=WEEKLY", "premier": day, "dernier": day + timedelta(days=50)}
    times = {"heure": time(20), "duree": timedelta(hours=1)}
    serie = Serie.objects.create(maison=room.maison, salle=room, **rule, **times)
    first = ReservationFactory.build(salle=room, maison=room.maison).debut
    return [
        ReservationFactory(salle=room, serie=serie, debut=first + timedelta(weeks=rank), **fields)
        for rank in range(count)
    ]


def to_say(reservation, **fields):
    """A message about a booking to somebody without an e-mail address."""
    told = {"objet": "Votre réservation change", "texte": "Jeudi, de 14 h à 16 h."}
    told |= {"telephone": "06 12 34 56 78", "nom": reservation.person, "creneau": reservation.pk}
    return post(f"essai:{reservation.pk}", expire_le=reservation.fin, **told | fields)


def late(reservation, **since):
    """Let the deadline of a request be over: since a minute, or as given."""
    past = timezone.now() - timedelta(**(since or {"minutes": 1}))
    Reservation.objects.filter(pk=reservation.pk).update(repondre_avant=past)
    return reservation


def begun(reservation):
    """A confirmed booking that began an hour ago; planning would refuse to write it."""
    if reservation.etat != Reservation.Etat.CONFIRMEE:
        planning.confirm(reservation, by=None)
    debut = timezone.now() - timedelta(hours=1)
    span = {"debut": debut, "fin": debut + timedelta(hours=2)}
    Reservation.objects.filter(pk=reservation.pk).update(**span)
    reservation.refresh_from_db()
    return reservation
