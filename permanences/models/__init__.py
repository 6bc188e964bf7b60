from permanences.models.invitation import InvitationIntervenant
from permanences.models.lecture import Lecture
from permanences.models.permanence import Intervenant, Pause, Permanence
from permanences.models.question import QuestionElu
from permanences.models.rendez_vous import RendezVous
from permanences.models.service import Besoin, Fiche, Mediateur, Motif, Service
from permanences.models.vacation import Passage, Vacation

__all__ = [
    "Besoin",
    "Fiche",
    "Intervenant",
    "InvitationIntervenant",
    "Lecture",
    "Mediateur",
    "Motif",
    "Passage",
    "Pause",
    "Permanence",
    "QuestionElu",
    "RendezVous",
    "Service",
    "Vacation",
]
