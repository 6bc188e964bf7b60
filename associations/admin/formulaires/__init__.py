from associations.admin.formulaires.activite import ActiviteForm
from associations.admin.formulaires.seance import SeanceForm
from associations.admin.formulaires.serie import ChangeForm, SerieForm

__all__ = ["ActiviteForm", "ChangeForm", "SeanceForm", "SerieForm"]
