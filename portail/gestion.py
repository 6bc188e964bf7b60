from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig


class GestionSite(AdminSite):
    site_header = "Gestion"
    site_title = "Gestion des maisons de quartier"
    index_title = "Accueil de la gestion"


class GestionConfig(AdminConfig):
    default_site = "portail.gestion.GestionSite"
