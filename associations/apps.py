from django.apps import AppConfig

from comptes import codes, donnees_personnelles
from maisons import natures
from notifications import rappels

FROM_THE_CITY = ["AdhesionEnding", "InsuranceEnding", "ReviewComing"]


class AssociationsConfig(AppConfig):
    name = "associations"

    def ready(self):
        natures.register("associations.nature.SeanceNature")
        natures.register("associations.nature.PretNature")
        codes.register("associations.acces.MembreAccess")
        rappels.register("associations.mandats.MemberEnding")
        codes.register("associations.acces.DossierAccess")
        for kept in ("Registrations", "Certificates", "Loans"):
            donnees_personnelles.register(f"associations.donnees_personnelles.{kept}")
        for reminder in [*FROM_THE_CITY, "SessionReminder", "OfferEnding"]:
            rappels.register(f"associations.rappels.{reminder}")
