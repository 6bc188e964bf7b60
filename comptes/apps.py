from django.apps import AppConfig
from django.db.models.signals import post_migrate

from comptes import donnees_personnelles
from comptes.roles import declare_groups


class ComptesConfig(AppConfig):
    name = "comptes"

    def ready(self):
        for kind in ("Account", "Devices", "Mandates"):
            donnees_personnelles.register(f"comptes.export.{kind}")
        post_migrate.connect(declare_groups, dispatch_uid="comptes.roles")
