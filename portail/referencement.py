"""What search engines are told: the public pages, and those to leave alone."""

from datetime import timedelta
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from associations.models import Activite, Association
from conseils.models import Conseil, Reunion
from maisons import heures
from maisons.models import Evenement, Maison, Occurrence, Salle
from permanences.models import Fiche, Mediateur, Permanence, Service
from quartiers.models import Elu, Quartier

AHEAD = timedelta(days=92)  # how far events are told
MOST = 40_000  # events; a sitemap holds 50 000 addresses
# Pages of staff, of a person, of a code, of a form: no search engine comes in.
CLOSED = [
    *["/gestion/", "/compte/", "/mon-espace/", "/reservations/", "/code/", "/demo/"],
    *["/remarque/", "/maisons/*/reserver/", "/sante/", "/suivre/", "/abonnements/"],
    *["/evenements/*/suivre/", "/conseils/*/suivre/", "/conseils/*/venir/"],
    *["/permanences/*/carte/", "/permanences/*/rendez-vous/", "/rendez-vous/"],
    *["/activites/*/inscription/", "/inscriptions/", "/mon-agenda/"],
]
# One page in endless variants: only the plain address.
VARIED = [
    *["/agenda/?*", "/agenda.ics?*", "/agenda.atom?*", "/salles/?*", "/maisons/*?*"],
    *["/recherche/?*", "/conseils/*?*", "/donnees/*?*", "/permanences/*?*", "/associations/?*"],
    ["/activites/?*", "/activites/*/inscription/"],
]


def canonical(path):
    """The address of a public page, whatever host and query it was asked with; else none."""
    if any(fnmatchcase(path, f"{closed}*") for closed in CLOSED):
        return ""
    return settings.SITE_URL + path


def rules():
    """The text of robots.txt."""
    refused = [f"Disallow: {path}" for path in CLOSED + VARIED]
    return "\n".join(
        ["User-agent: *", *refused, "", f"Sitemap: {settings.SITE_URL}/sitemap.xml", ""]
    )


class PublicSitemap(Sitemap):
    """Addresses of the site's own name, whatever host the request was sent to."""

    def get_protocol(self, protocol=None):
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_URL).netloc


class PageSitemap(PublicSitemap):
    """Those that every city has."""

    def items(self):
        lists = ["accueil", "agenda", "maison_list", "quartier_list", "plan_du_site", "aide"]
        lists.append("donnees")
        texts = ["accessibilite", "mentions_legales", "confidentialite"]
        own = ["maisons:salle_search", "conseils:conseil_list"]
        own += ["permanences:permanence_list", "permanences:elu_list"]
        own += ["associations:association_list", "associations:activite_list"]
        own.append("associations:charte")
        return [*(f"portail:{name}" for name in lists + texts), *own]

    def location(self, name):
        return reverse(name)


class MaisonSitemap(PublicSitemap):
    def items(self):
        return Maison.objects.all()


class SalleSitemap(PublicSitemap):
    def items(self):
        return Salle.objects.filter(reservable=True).select_related("maison").order_by("pk")


class QuartierSitemap(PublicSitemap):
    def items(self):
        return Quartier.objects.all()


class EvenementSitemap(PublicSitemap):
    """Those with a date from today on, within three months."""

    def items(self):
        today = heures.starts_at(timezone.localdate())
        coming = Occurrence.objects.public().during(today, today + AHEAD)
        events = Evenement.objects.public().filter(occurrences__in=coming)
        events = events.annotate(changed=Max("occurrences__modifie_le"))
        return events.order_by("pk")[:MOST]

    def lastmod(self, evenement):
        return evenement.changed


class ConseilSitemap(PublicSitemap):
    def items(self):
        return Conseil.objects.all()


class ReunionSitemap(PublicSitemap):
    """Past ones too: what a council dealt with is looked for for years."""

    def items(self):
        return Reunion.objects.public().select_related("conseil").order_by("-debut", "pk")[:MOST]

    def lastmod(self, reunion):
        return reunion.modifie_le


class ServiceSitemap(PublicSitemap):
    def items(self):
        return Service.objects.public()


class PermanenceSitemap(PublicSitemap):
    def items(self):
        return Permanence.objects.readable().order_by("pk")


class FicheSitemap(PublicSitemap):
    def items(self):
        return Fiche.objects.public()


class MediateurSitemap(PublicSitemap):
    def items(self):
        return Mediateur.objects.in_office(timezone.localdate())


class EluSitemap(PublicSitemap):
    def items(self):
        return Elu.objects.in_office(timezone.localdate())

    def location(self, elu):
        return reverse("permanences:elu", args=[elu.pk])


class AssociationSitemap(PublicSitemap):
    def items(self):
        return Association.objects.public().only("slug").order_by("pk")[:MOST]


class ActiviteSitemap(PublicSitemap):
    def items(self):
        rows = Activite.objects.public().going_on(timezone.localdate())
        return rows.only("slug").order_by("pk")[:MOST]


SITEMAPS = {
    "pages": PageSitemap,
    "maisons": MaisonSitemap,
    "salles": SalleSitemap,
    "quartiers": QuartierSitemap,
    "evenements": EvenementSitemap,
    "conseils": ConseilSitemap,
    "reunions": ReunionSitemap,
    "services": ServiceSitemap,
    "permanences": PermanenceSitemap,
    "fiches": FicheSitemap,
    "mediateurs": MediateurSitemap,
    "elus": EluSitemap,
    "associations": AssociationSitemap,
    "activites": ActiviteSitemap,
}
