from django.apps import AppConfig

from comptes import codes, donnees_personnelles
from maisons import natures
from notifications import rappels


class PermanencesConfig(AppConfig):
    name = "permanences"

    def ready(self):
        natures.register("permanences.nature.PermanenceNature")
        codes.register("permanences.acces.IntervenantAccess")
        codes.register("permanences.acces.RendezVousAccess")
        codes.register("permanences.acces.QuestionAccess")
        for kind in ("Appointments", "Questions"):
            donnees_personnelles.register(f"permanences.donnees_personnelles.{kind}")
        rappels.register("permanences.mandats.IntervenantEnding")
        for reminder in ("AppointmentReminder", "PlaceExpiring"):
            rappels.register(f"permanences.rappels.{reminder}")
