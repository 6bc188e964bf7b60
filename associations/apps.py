from django.apps import AppConfig

from comptes import codes
from maisons import natures
from notifications import rappels


class AssociationsConfig(AppConfig):
    name = "associations"

    def ready(self):
        natures.register("associations.nature.SeanceNature")
        codes.register("associations.acces.MembreAccess")
        rappels.register("associations.mandats.MemberEnding")
        rappels.register("associations.rappels.AdhesionEnding")
        rappels.register("associations.rappels.InsuranceEnding")
