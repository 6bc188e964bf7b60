from django.core.exceptions import ValidationError

from associations import activites
from maisons.admin import repetition
from maisons.forms.refus import tell
from maisons.models import Creneau


class SerieForm(repetition.PatternForm):
    """When an activity comes back; where is its own place."""

    def __init__(self, *args, activite, **kwargs):
        super().__init__(*args, prefix="repeter", **kwargs)
        self.activite = activite

    def clean(self):
        data = self.cleaned_data
        if not self.errors:
            room = self.activite.salle
            portee = Creneau.Portee.SALLE if room else Creneau.Portee.SANS_SALLE
            try:
                self.serie = self.build(maison=self.activite.maison, salle=room, portee=portee)
            except ValidationError as error:
                tell(self, error)
        return data

    def values(self):
        return {"activite": self.activite}


class ChangeForm(repetition.ChangeForm):
    """Any room of its house may be asked for: what is taken is told."""

    def __init__(self, *args, serie, **kwargs):
        super().__init__(*args, serie=serie, **kwargs)
        if "salle" in self.fields:
            self.fields["salle"].queryset = serie.maison.salles.select_related("maison")


def plan(serie, by, activite):
    return activites.plan(activite, serie, by)
