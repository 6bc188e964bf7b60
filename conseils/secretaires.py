"""What is written to those who prepare the meetings of a council, about their own work."""

from django.template.loader import render_to_string

from notifications.adresses import digest
from notifications.envoi import post
from quartiers.models import Ville


def tell(conseil, cle, objet, letter, context, expire_le):
    """One letter to each secretary in force, once for a `cle`; `letter` is its template."""
    context = {"ville": Ville.current()} | context
    for mandate in conseil.secretariats.in_force().select_related("compte"):
        courriel = mandate.compte.courriel
        post(
            f"{cle}:{digest(courriel, cle.partition(':')[0])}",
            courriel=courriel,
            objet=objet,
            texte=render_to_string(f"{letter}.txt", context),
            html=render_to_string(f"{letter}.html", context),
            expire_le=expire_le,
        )
