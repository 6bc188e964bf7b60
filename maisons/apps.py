from django.apps import AppConfig

from comptes import codes
from maisons import natures


class MaisonsConfig(AppConfig):
    name = "maisons"

    def ready(self):
        natures.register("maisons.creneaux.EvenementNature")
        natures.register("maisons.creneaux.ReservationNature")
        codes.register("maisons.acces.ReservationAccess")
