"""What somebody sends to register, as the form does."""

from uuid import uuid4

from django.urls import reverse

MOBILE, LANDLINE = "06 12 34 56 78", "04 65 71 00 00"


def address(activite):
    return reverse("associations:inscription_create", args=[activite.slug])


def answers(**changes):
    """Of an adult for themselves, by e-mail; confirmed unless another `etape` is given."""
    typed = {
        "pour": "moi",
        "lignes": "3",
        "nom": "Camille O’Neill",
        "telephone": "",
        "courriel": "camille@rivemont.example",
        "site_web": "",
        "attente": "",
        "jeton": str(uuid4()),
        "etape": "confirmer",
    }
    return typed | changes


def children(*people, **changes):
    """The same for children: (first name, year)."""
    typed = {"pour": "enfants", "courriel": "", "telephone": MOBILE}
    for rank, (prenom, year) in enumerate(people, 1):
        typed |= {f"prenom_{rank}": prenom, f"naissance_{rank}": str(year)}
    return answers(**typed | changes)


def opened(dossier, act=""):
    """Where its code leads."""
    if act:
        return reverse("comptes:code_act", args=[dossier.code, act])
    return reverse("comptes:code_open", args=[dossier.code])
