from permanences.admin.formulaires.absence import AbsenceForm
from permanences.admin.formulaires.date import DateForm
from permanences.admin.formulaires.permanence import PermanenceForm
from permanences.admin.formulaires.reponse import AnswerForm
from permanences.admin.formulaires.serie import SerieForm
from permanences.admin.formulaires.service import FicheForm, MediateurForm, ServiceForm

__all__ = [
    "AbsenceForm",
    "AnswerForm",
    "DateForm",
    "FicheForm",
    "MediateurForm",
    "PermanenceForm",
    "SerieForm",
    "ServiceForm",
]
