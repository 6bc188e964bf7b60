from django.apps import AppConfig

from comptes import codes, donnees_personnelles
from maisons import natures
from notifications import rappels, sujets


class MaisonsConfig(AppConfig):
    name = "maisons"

    def ready(self):
        for kept in ("Bookings", "Answers"):
            donnees_personnelles.register(f"maisons.donnees_personnelles.{kept}")
        natures.register("maisons.creneaux.EvenementNature")
        natures.register("maisons.creneaux.ReservationNature")
        codes.register("maisons.acces.ReservationAccess")
        codes.register("maisons.acces.InvitationAccess")
        codes.register("notifications.acces.AbonnementAccess")
        sujets.register("maisons.suivre.EvenementSujet")
        rappels.register("maisons.suivre.EventReminder")
        for reminder in ("BookingReminder", "HoldExpiring", "RequestLapsing"):
            rappels.register(f"maisons.rappels.{reminder}")
        rappels.register("maisons.mandats.AffectationEnding")
