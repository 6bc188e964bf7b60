from django.apps import AppConfig

from comptes import codes
from maisons import natures
from notifications import rappels


class MaisonsConfig(AppConfig):
    name = "maisons"

    def ready(self):
        natures.register("maisons.creneaux.EvenementNature")
        natures.register("maisons.creneaux.ReservationNature")
        codes.register("maisons.acces.ReservationAccess")
        codes.register("maisons.acces.InvitationAccess")
        for reminder in ("BookingReminder", "HoldExpiring", "RequestLapsing"):
            rappels.register(f"maisons.rappels.{reminder}")
        rappels.register("maisons.mandats.MandateEnding")
