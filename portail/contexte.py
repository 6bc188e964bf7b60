from django.urls import reverse

MENU = [
    ("Agenda", "portail:agenda"),
    ("Maisons", "portail:maison_list"),
    ("Quartiers", "portail:quartier_list"),
    ("Mon espace", "portail:mon_espace"),
]


def menu(request):
    """The menu of every page: what exists, and where one is."""
    entries = [(label, reverse(name)) for label, name in MENU]
    return {
        "menu": [
            {"label": label, "url": url, "current": request.path.startswith(url)}
            for label, url in entries
        ]
    }
