from functools import cache

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from portail.journal import SECRET_PATHS
from portail.referencement import canonical

MENU = [
    ("Agenda", "portail:agenda"),
    ("Activités", "associations:activite_list"),
    ("Permanences", "permanences:permanence_list"),
    ("Salles", "maisons:salle_search"),
    ("Maisons", "portail:maison_list"),
    ("Conseils", "conseils:conseil_list"),
    ("Quartiers", "portail:quartier_list"),
    ("Mon espace", "portail:mon_espace"),
]


def canonique(request):
    """The one address of a page that search engines may read; empty for the others."""
    return {"canonique": canonical(request.path)}


def impression(request):
    """
    What a printed page says of itself: where it comes from, and since when.

    Paper lies about: a secret address becomes that of the page where one types one's code.
    """
    secret = request.path.startswith(SECRET_PATHS)
    path = reverse("comptes:code") if secret else request.path
    return {"adresse": f"{settings.SITE_URL}{path}", "imprime_le": timezone.localdate()}


def menu(request):
    """The menu of every page: what exists, and where one is."""
    return {
        "menu": [
            {"label": label, "url": url, "current": request.path.startswith(url)}
            for label, url in addresses()
        ]
    }


@cache
def addresses():
    return [(label, reverse(name)) for label, name in MENU]
