from django.apps import AppConfig
from django.db.models.signals import post_migrate

from comptes.roles import declare_groups


class ComptesConfig(AppConfig):
    name = "comptes"

    def ready(self):
        post_migrate.connect(declare_groups, dispatch_uid="comptes.roles")
