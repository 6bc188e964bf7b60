from django.apps import AppConfig

from maisons import natures


class ConseilsConfig(AppConfig):
    name = "conseils"

    def ready(self):
        natures.register("conseils.nature.ReunionNature")
