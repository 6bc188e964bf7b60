from django.apps import AppConfig
from django.core import checks

from comptes import donnees_personnelles
from notifications import sms


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self):
        checks.register(sms.check)
        for kind in ("Subscriptions", "Messages"):
            donnees_personnelles.register(f"notifications.donnees_personnelles.{kind}")
