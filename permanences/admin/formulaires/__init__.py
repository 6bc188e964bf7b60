from permanences.admin.formulaires.absence import AbsenceForm
from permanences.admin.formulaires.date import DateForm
from permanences.admin.formulaires.permanence import PermanenceForm
from permanences.admin.formulaires.serie import SerieForm
from permanences.admin.formulaires.service import FicheForm, MediateurForm, ServiceForm

__all__ = [
    "AbsenceForm",
    "DateForm",
    "FicheForm",
    "MediateurForm",
    "PermanenceForm",
    "SerieForm",
    "ServiceForm",
]
