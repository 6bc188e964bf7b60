from django.apps import AppConfig

from maisons import natures


class AssociationsConfig(AppConfig):
    name = "associations"

    def ready(self):
        natures.register("associations.nature.SeanceNature")
