from associations.admin.formulaires.activite import ActiviteForm
from associations.admin.formulaires.pret import (
    CancelForm,
    GrantForm,
    MovePretForm,
    PretForm,
    RefuseForm,
)
from associations.admin.formulaires.seance import SeanceForm
from associations.admin.formulaires.serie import ChangeForm, SerieForm

__all__ = [
    "ActiviteForm",
    "CancelForm",
    "ChangeForm",
    "GrantForm",
    "MovePretForm",
    "PretForm",
    "RefuseForm",
    "SeanceForm",
    "SerieForm",
]
