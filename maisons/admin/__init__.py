# The menu follows this order, from the daily task to the rare one.
from maisons.admin.reservation import ReservationAdmin  # isort: skip
from maisons.admin.fermeture import FermetureAdmin  # isort: skip
from maisons.admin.evenement import EvenementAdmin  # isort: skip
from maisons.admin.serie import SerieAdmin  # isort: skip
from maisons.admin.maison import MaisonAdmin  # isort: skip
from maisons.admin.salle import SalleAdmin  # isort: skip
from maisons.admin.affectation import AffectationAdmin  # isort: skip
from maisons.admin.invitation import InvitationAffectationAdmin  # isort: skip

__all__ = [
    "AffectationAdmin",
    "EvenementAdmin",
    "FermetureAdmin",
    "InvitationAffectationAdmin",
    "MaisonAdmin",
    "ReservationAdmin",
    "SalleAdmin",
    "SerieAdmin",
]
