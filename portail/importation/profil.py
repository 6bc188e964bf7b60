"""What an import profile says: each file, its columns, its joins (docs/importer.md)."""

import re
from dataclasses import dataclass, field

from associations.models import Association
from maisons.models import Evenement, Maison
from maisons.models.maison import Jour
from quartiers.models import Quartier, SousQuartier

DAYS = [jour.label for jour in Jour]
PLACE = {"longitude", "latitude", "position"}
# Columns of the model are converted by its own rules; the others are read by the writer.
COLUMNS = {
    "quartiers": (Quartier, ["nom", "code", "chapeau", "presentation"]),
    "sous_quartiers": (SousQuartier, ["nom", "code"]),
    "maisons": (
        Maison,
        [
            *["nom", "chapeau", "presentation", "adresse", "telephone", "courriel", "acces"],
            *["plain_pied", "avertissement", "reservations_max"],
        ],
    ),
    "associations": (
        Association,
        [
            *["nom", "sigle", "objet", "presentation", "themes", "adresse", "telephone"],
            *["courriel", "site", "rna", "siret", "benevoles"],
        ],
    ),
    "evenements": (
        Evenement,
        [
            *["titre", "organisateur", "resume", "description", "theme", "public", "age_min"],
            *["age_max", "gratuit", "tarif", "plain_pied", "contact", "lien"],
        ],
    ),
}
OTHERS = {
    "quartiers": {"contour"},
    "sous_quartiers": {"contour", "quartier"},
    "maisons": {"reference", "quartier", "sous_quartier", *PLACE, *DAYS},
    "associations": {"reference", "quartier", "sous_quartier", *PLACE},
    "evenements": {
        *{"reference", "quartier", "maison", "adresse", *PLACE},
        *{"debut", "fin", "heure_debut", "heure_fin", "duree"},
    },
}
REQUIRED = {
    "quartiers": ["nom"],
    "sous_quartiers": ["nom"],
    "maisons": ["nom"],
    "associations": ["nom"],
    "evenements": ["titre", "debut"],
}


@dataclass
class Ecriture:
    """How a text of the file is written on the portal: capitals, patterns, whole corrections."""

    casse: bool = False
    remplacer: list = field(default_factory=list)  # (pattern, replacement)
    corrections: dict = field(default_factory=dict)  # by key()


@dataclass
class Jointure:
    chemin: str
    cle: list
    avec: list
    sans: re.Pattern | None = None
    vides: dict = field(default_factory=dict)
    filtre: dict = field(default_factory=dict)
    exclure: dict = field(default_factory=dict)


@dataclass
class Fichier:
    rang: int
    contient: str
    source: str
    chemin: str = ""
    lignes: list = field(default_factory=list)
    champs: dict = field(default_factory=dict)  # {field: [column or template, …]}
    filtre: dict = field(default_factory=dict)
    exclure: dict = field(default_factory=dict)
    vides: dict = field(default_factory=dict)  # {column_key: {key}}
    jointures: dict = field(default_factory=dict)
    valeurs: dict = field(default_factory=dict)
    ecriture: dict = field(default_factory=dict)
    defauts: dict = field(default_factory=dict)
    garder: list = field(default_factory=list)
    repetitions: bool = False
    salles: list = field(default_factory=list)
    horaires: dict = field(default_factory=dict)  # {jour: [(opens, closes)]}
    publier: bool = True


@dataclass
class Profil:
    prefixe: str
    ville: dict
    fichiers: list
