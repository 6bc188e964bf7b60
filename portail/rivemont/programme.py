"""What is on in Rivemont, as read from the files of `donnees`."""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from maisons.models import Public, Theme
from portail.rivemont.rythmes import Rythme

# What comes back rarely chooses its room first.
FILES = [
    *["expositions", "automne", "hiver", "printemps", "ete"],
    *["chaque_mois", "chaque_semaine", "chaque_semaine_d_ete"],
]

# How it goes, in each theme: the second paragraph of the description.
HOW = {
    Theme.CULTURE: "Les portes ouvrent une demi-heure avant. Le bar associatif propose de quoi "
    "boire et grignoter.",
    Theme.SPORT: "Venez en tenue souple, avec une bouteille d’eau. Aucun niveau n’est demandé, "
    "chacun va à son rythme.",
    Theme.ENFANCE: "Les enfants de moins de 8 ans viennent avec un adulte. Une table à langer et "
    "un coin calme sont à disposition.",
    Theme.DROITS: "C’est gratuit et confidentiel. Apportez les courriers ou les papiers qui vous "
    "posent question.",
    Theme.SANTE: "Rien de ce que vous dites ne sort de la salle. Aucune carte n’est demandée.",
    Theme.NUMERIQUE: "Venez avec votre téléphone ou votre ordinateur ; la maison en prête six.",
    Theme.NATURE: "Gants et outils prêtés. En cas de forte pluie, on se retrouve à l’intérieur.",
    Theme.SOLIDARITE: "Entrée libre : on vient quand on veut, on reste le temps qu’on veut.",
    Theme.CITOYENNETE: "Tout le monde peut prendre la parole. Un compte rendu est affiché dans la "
    "maison la semaine suivante.",
}


@dataclass(frozen=True)
class RendezVous:
    cle: str
    titre: str
    resume: str
    lieu: str  # « lavoirs/grande-salle », « lavoirs/* » the whole house, « lavoirs » no room
    quand: str
    theme: str
    heures: str = ""  # « 14:30-16:30 »; empty: known by its days
    jours: int = 1
    public: list = field(default_factory=lambda: list(Public.values))
    organisateur: str = ""
    tarif: str = ""  # empty: free
    age_min: int | None = None
    age_max: int | None = None
    ailleurs: str = ""  # an address, with its quartier, when it is outside
    quartier: str = ""
    rythme: Rythme = field(init=False)

    def __post_init__(self):
        object.__setattr__(self, "rythme", Rythme(self.quand))

    @property
    def maison(self):
        return self.lieu.partition("/")[0]

    @property
    def description(self):
        return f"{self.resume}\n\n{HOW[self.theme]}"


@cache
def programme():
    folder = Path(__file__).parent / "donnees"
    return [
        RendezVous(**line)
        for name in FILES
        for line in tomllib.loads((folder / f"{name}.toml").read_text())["rendez_vous"]
    ]
