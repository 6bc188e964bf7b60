from django.apps import AppConfig, apps
from django.contrib.admin import site
from django.contrib.admin.apps import AdminConfig

from portail import recherche


class PortailConfig(AppConfig):
    name = "portail"

    def ready(self):
        recherche.register("portail.recherche.lieux.MaisonSearchable")
        recherche.register("portail.recherche.lieux.SalleSearchable")
        recherche.register("portail.recherche.permanences.ServiceSearchable")
        recherche.register("portail.recherche.rendez_vous.EvenementSearchable")
        recherche.register("portail.recherche.rendez_vous.AutreEvenementSearchable")
        recherche.register("portail.recherche.conseils.ReunionSearchable")
        recherche.register("portail.recherche.permanences.FicheSearchable")
        recherche.register("portail.recherche.lieux.QuartierSearchable")
        recherche.register("portail.recherche.associations.ActiviteSearchable")
        recherche.register("portail.recherche.associations.AssociationSearchable")


class GestionConfig(AdminConfig):
    """The staff side: Django's admin on our own site."""

    default_site = "portail.gestion.GestionSite"

    def ready(self):
        super().ready()
        # Groups come from the table of roles; the rest is each person's own, on allauth's pages.
        own = "account.EmailAddress", "mfa.Authenticator", "usersessions.UserSession"
        for label in ("auth.Group", *own):
            site.unregister(apps.get_model(label))
