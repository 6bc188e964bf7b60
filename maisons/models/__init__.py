from maisons.models.creneau import LASTING, Creneau, Public, Theme
from maisons.models.evenement import Evenement, Occurrence
from maisons.models.invitation import InvitationAffectation
from maisons.models.maison import Affectation, Fermeture, Horaire, Maison
from maisons.models.reservation import Reservation
from maisons.models.salle import Salle
from maisons.models.serie import DateEcartee, Serie

__all__ = [
    "LASTING",
    "Affectation",
    "Creneau",
    "DateEcartee",
    "Evenement",
    "Fermeture",
    "Horaire",
    "InvitationAffectation",
    "Maison",
    "Occurrence",
    "Public",
    "Reservation",
    "Salle",
    "Serie",
    "Theme",
]
