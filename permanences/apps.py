from django.apps import AppConfig

from comptes import codes
from maisons import natures
from notifications import rappels


class PermanencesConfig(AppConfig):
    name = "permanences"

    def ready(self):
        natures.register("permanences.nature.PermanenceNature")
        codes.register("permanences.acces.IntervenantAccess")
        rappels.register("permanences.mandats.IntervenantEnding")
