from associations.models.activite import Activite, Question, Seance
from associations.models.association import Association
from associations.models.inscription import Dossier, Inscription, Presence

__all__ = [
    "Activite",
    "Association",
    "Dossier",
    "Inscription",
    "Presence",
    "Question",
    "Seance",
]
