"""The one city of a database: named by the profile, never mixed with another."""

from django.apps import apps
from django.db import connection

from maisons.models import Maison
from portail.importation.rapport import Refus
from portail.importation.texte import key
from quartiers.models import Quartier, Ville


def write_city(values, remplacer):
    """
    Fill in what the city's row does not say yet; returns lines for the report.

    Raises Refus when the database is another city's; a demonstration may be replaced on demand.
    """
    ville = Ville.objects.first() or Ville(pk=1)
    if not values.get("nom"):
        return []
    lines = []
    if ville.nom and not is_same(ville, values) and is_inhabited():
        if not (ville.demonstration and remplacer):
            raise Refus(refusal(ville, values))
        empty()
        lines.append(f"La ville de démonstration « {ville} » est effacée, ses comptes restent.")
        ville.delete()
        ville = Ville(pk=1, demonstration=True)
    for name, value in values.items():
        if getattr(ville, name) in ("", False):
            setattr(ville, name, value)
    ville.full_clean()
    ville.save()
    return [*lines, f"Ville : {ville}"]


def is_same(ville, values):
    if ville.code_insee and values.get("code_insee"):
        return ville.code_insee == values["code_insee"]
    return key(ville.nom) == key(values["nom"])


def is_inhabited():
    return Quartier.objects.exists() or Maison.objects.exists()


def refusal(ville, values):
    what = (
        "Ajoutez --remplacer-demonstration pour l’effacer d’abord, ou importez dans une autre base."
        if ville.demonstration
        else "Importez dans une autre base."
    )
    return (
        f"Cette base est celle de la ville « {ville} », le profil décrit « {values['nom']} ». "
        f"Rien n’est importé. {what}"
    )


def empty():
    """Forget a demonstration city: houses, quartiers and all that refers to them."""
    configs = [apps.get_app_config(label) for label in ("maisons", "quartiers")]
    models = [model for config in configs for model in config.get_models() if model is not Ville]
    tables = ", ".join(model._meta.db_table for model in models)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # TRUNCATE refuses pending triggers
        cursor.execute(f"TRUNCATE {tables} CASCADE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
