from django.core.exceptions import ValidationError

from maisons.admin.repetition import PatternForm
from maisons.forms.refus import tell
from maisons.models import Creneau
from permanences import vacations


class SerieForm(PatternForm):
    """When a permanence comes back; where is its own place."""

    def __init__(self, *args, permanence, **kwargs):
        super().__init__(*args, prefix="repeter", **kwargs)
        self.permanence = permanence

    def clean(self):
        data = self.cleaned_data
        if not self.errors:
            room = self.permanence.salle
            portee = Creneau.Portee.SALLE if room else Creneau.Portee.SANS_SALLE
            try:
                self.serie = self.build(maison=self.permanence.maison, salle=room, portee=portee)
            except ValidationError as error:
                tell(self, error)
        return data

    def values(self):
        return {"permanence": self.permanence}


def plan(serie, by, permanence):
    return vacations.plan(permanence, serie, by)
