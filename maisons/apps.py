from django.apps import AppConfig

from maisons import natures


class MaisonsConfig(AppConfig):
    name = "maisons"

    def ready(self):
        natures.register("maisons.creneaux.EvenementNature")
        natures.register("maisons.creneaux.ReservationNature")
