"""What a booking reminds of; the sweep writes it (notifications.rappels)."""

from datetime import timedelta

from django.conf import settings
from django.db.models import F, Max, Prefetch
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from maisons import courriers, heures
from maisons.models import Affectation, Reservation, Salle
from notifications import nuit, rappels
from notifications.envoi import post
from quartiers.models import Ville

Etat = Reservation.Etat


class BookingReminder(rappels.Reminder):
    """To who booked, so long before as its room says."""

    name = "reservation"
    locked = ["self", "creneau"]

    def rows(self):
        booked = Reservation.objects.holding().filter(nature=Reservation.NATURE)
        booked = booked.filter(etat=Etat.CONFIRMEE)
        return booked.select_related("demandeur", "maison", "salle")

    def coming(self, now):
        window = super().coming(now)
        return window.filter(debut__lte=now + nuit.ADVANCE + F("salle__rappel"))

    def longest_delay(self):
        return Salle.objects.aggregate(longest=Max("rappel"))["longest"] or timedelta()

    def delays_of(self, reservation):
        return list(filter(None, [reservation.salle.rappel]))

    def recipients(self, reservation):
        return [reservation.reached_at]

    def told_at(self, reservation):
        """When it was granted, or moved since: that message said all that this one would."""
        granted = reservation.decide_le or reservation.cree_le
        return max(granted, reservation.modifie_le) if reservation.sequence else granted

    def write(self, reservation, **fields):
        post(**fields, **courriers.compose(reservation, "rappel", fields["courriel"]))


class HoldExpiring(rappels.Reminder):
    """To who booked by e-mail without an account and has not confirmed yet."""

    name = "a_confirmer"
    begins = "expire_le"
    delays = [timedelta(minutes=30)]
    locked = ["self", "creneau"]

    def rows(self):
        held = Reservation.objects.holding().filter(etat=Etat.A_CONFIRMER).exclude(courriel="")
        return held.select_related("demandeur", "maison", "salle")

    def recipients(self, reservation):
        return [(reservation.courriel, "")]

    def told_at(self, reservation):
        return reservation.cree_le

    def write(self, reservation, **fields):
        what = "rappel_a_confirmer"
        post(**fields, **courriers.compose(reservation, what, reservation.courriel))


class RequestLapsing(rappels.Reminder):
    """To the desk of the house, by its address, else by those of whoever holds it."""

    name = "sans_reponse"
    begins = "repondre_avant"
    delays = [timedelta(days=1)]
    locked = ["self", "creneau"]

    def rows(self):
        waiting = Reservation.objects.waiting().one_for_each_serie()
        desk = Affectation.objects.in_force().select_related("compte")
        desk = Prefetch("maison__affectations", desk, to_attr="desk")
        return waiting.select_related("maison", "salle").prefetch_related(desk)

    def recipients(self, reservation):
        house = reservation.maison
        known = [house.courriel] if house.courriel else [one.compte.courriel for one in house.desk]
        return [(courriel, "") for courriel in known]

    def told_at(self, reservation):
        """Its house reads it on its page since it was asked."""
        return reservation.cree_le

    def write(self, reservation, **fields):
        """It names nobody, and is not about the créneau: what the person was told is."""
        page = reverse("admin:maisons_reservation_change", args=[reservation.pk])
        context = {
            "titre": "Une demande attend votre réponse",
            "demande": reservation,
            "lien": f"{settings.SITE_URL}{page}",
            "ville": Ville.current(),
        }
        day = heures.day(reservation.debut)
        post(
            **fields,
            objet=f"Sans réponse jusqu’ici : {reservation.salle}, {day}",
            texte=render_to_string("maisons/courriels/sans_reponse.txt", context),
            html=render_to_string("maisons/courriels/sans_reponse.html", context),
        )


def outlook(reservation) -> str:
    """For the desk: when the reminder of a booking leaves, or why none does; nothing after."""
    reminder, now = rappels.registry()[BookingReminder.name], timezone.now()
    if reservation.etat != Etat.CONFIRMEE or reservation.debut <= now:
        return ""
    if not reminder.delays_of(reservation):
        return "Pas de rappel : cette salle n’en envoie pas."
    occasion = next(iter(reminder.occasions(reservation)), None)
    if occasion is None:
        return "Pas de rappel : ni e-mail ni téléphone."
    when = f"{heures.day(occasion.leaves)}, {heures.hour(occasion.leaves)}"
    if reminder.told_at(reservation) > occasion.leaves:
        return f"Pas de rappel : prévu {when}, la personne a été prévenue depuis."
    return f"Rappel prévu {when}." if now < occasion.leaves else ""
