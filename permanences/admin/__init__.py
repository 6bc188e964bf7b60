# The menu follows this order, from the daily task to the rare one.
from permanences.admin.rendez_vous import RendezVousAdmin  # isort: skip
from permanences.admin.question import QuestionEluAdmin  # isort: skip
from permanences.admin.permanence import PermanenceAdmin  # isort: skip
from permanences.admin.service import ServiceAdmin  # isort: skip
from permanences.admin.fiche import FicheAdmin  # isort: skip
from permanences.admin.mediateur import MediateurAdmin  # isort: skip
from permanences.admin.intervenant import IntervenantAdmin  # isort: skip
from permanences.admin.intervenant import InvitationIntervenantAdmin  # isort: skip

__all__ = [
    "FicheAdmin",
    "IntervenantAdmin",
    "InvitationIntervenantAdmin",
    "MediateurAdmin",
    "PermanenceAdmin",
    "QuestionEluAdmin",
    "RendezVousAdmin",
    "ServiceAdmin",
]
