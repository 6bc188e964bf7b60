from maisons.admin.sur_place import OwnPlaceForm
from permanences import vacations


class SerieForm(OwnPlaceForm):
    """When a permanence comes back."""

    def __init__(self, *args, permanence, **kwargs):
        super().__init__(*args, thing=permanence, **kwargs)
        self.permanence = permanence

    def values(self):
        return {"permanence": self.permanence}


def plan(serie, by, permanence):
    return vacations.plan(permanence, serie, by)
