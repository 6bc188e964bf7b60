from associations.models.activite import Activite, Question, Seance
from associations.models.agenda import Agenda
from associations.models.association import Association, MembreAssociation, OfAssociationQuerySet
from associations.models.budget import BudgetHeures, EvenementOrganise
from associations.models.charte import Adhesion, Attestation, Charte
from associations.models.cogestion import Cogestion
from associations.models.image import ImageActivite
from associations.models.inscription import Dossier, Inscription, Presence
from associations.models.invitation import InvitationMembre
from associations.models.pret import MiseADisposition

__all__ = [
    "Activite",
    "Adhesion",
    "Agenda",
    "Association",
    "Attestation",
    "BudgetHeures",
    "Charte",
    "Cogestion",
    "Dossier",
    "EvenementOrganise",
    "ImageActivite",
    "Inscription",
    "InvitationMembre",
    "MembreAssociation",
    "MiseADisposition",
    "OfAssociationQuerySet",
    "Presence",
    "Question",
    "Seance",
]
