from django.apps import AppConfig

from comptes import codes
from maisons import natures
from notifications import rappels, sujets


class ConseilsConfig(AppConfig):
    name = "conseils"

    def ready(self):
        natures.register("conseils.nature.ReunionNature")
        codes.register("conseils.acces.SecretariatAccess")
        rappels.register("conseils.mandats.SecretariatEnding")
        sujets.register("conseils.suivre.ConseilSujet")
        rappels.register("conseils.rappels.MeetingReminder")
        rappels.register("conseils.rappels.AgendaDue")
