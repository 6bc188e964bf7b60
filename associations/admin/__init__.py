# The menu follows this order, from the daily task to the rare one.
from associations.admin.inscription import InscriptionAdmin  # isort: skip
from associations.admin.activite import ActiviteAdmin  # isort: skip
from associations.admin.pret import MiseADispositionAdmin  # isort: skip
from associations.admin.association import AssociationAdmin  # isort: skip
from associations.admin.membre import MembreAssociationAdmin, InvitationMembreAdmin  # isort: skip
from associations.admin.adhesion import AdhesionAdmin  # isort: skip
from associations.admin.cogestion import CogestionAdmin  # isort: skip
from associations.admin.budget import BudgetHeuresAdmin, EvenementOrganiseAdmin  # isort: skip
from associations.admin.charte import CharteAdmin  # isort: skip

__all__ = [
    "ActiviteAdmin",
    "AdhesionAdmin",
    "AssociationAdmin",
    "BudgetHeuresAdmin",
    "CharteAdmin",
    "CogestionAdmin",
    "EvenementOrganiseAdmin",
    "InscriptionAdmin",
    "InvitationMembreAdmin",
    "MembreAssociationAdmin",
    "MiseADispositionAdmin",
]
