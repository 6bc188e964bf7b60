from django.apps import AppConfig


class QuartiersConfig(AppConfig):
    name = "quartiers"
