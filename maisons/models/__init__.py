from maisons.models.creneau import Creneau, Public, Theme
from maisons.models.evenement import Evenement, Occurrence
from maisons.models.maison import Affectation, Fermeture, Horaire, Maison
from maisons.models.reservation import Reservation
from maisons.models.salle import Salle

__all__ = [
    "Affectation",
    "Creneau",
    "Evenement",
    "Fermeture",
    "Horaire",
    "Maison",
    "Occurrence",
    "Public",
    "Reservation",
    "Salle",
    "Theme",
]
