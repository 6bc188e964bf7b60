from associations import activites
from maisons.admin import repetition
from maisons.admin.sur_place import OwnPlaceForm


class SerieForm(OwnPlaceForm):
    """When an activity comes back."""

    def __init__(self, *args, activite, **kwargs):
        super().__init__(*args, thing=activite, **kwargs)

    def values(self):
        return {"activite": self.thing}


class ChangeForm(repetition.ChangeForm):
    """Any room of its house may be asked for: what is taken is told."""

    def __init__(self, *args, serie, **kwargs):
        super().__init__(*args, serie=serie, **kwargs)
        if "salle" in self.fields:
            self.fields["salle"].queryset = serie.maison.salles.select_related("maison")


def plan(serie, by, activite):
    return activites.plan(activite, serie, by)
