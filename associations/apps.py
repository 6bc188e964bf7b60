from django.apps import AppConfig

from comptes import codes, donnees_personnelles
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
        codes.register("associations.acces.DossierAccess")
        donnees_personnelles.register("associations.donnees_personnelles.Registrations")
        for reminder in ("SessionReminder", "OfferEnding"):
            rappels.register(f"associations.rappels.{reminder}")
