from django.apps import AppConfig
from django.core import checks

from notifications import sms


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self):
        checks.register(sms.check)
