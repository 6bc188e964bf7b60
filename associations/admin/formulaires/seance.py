from django.core.exceptions import NON_FIELD_ERRORS

from associations import activites, salles
from maisons.forms.date import DateForm
from maisons.models.creneau import SALLE_PRISE


class SeanceForm(DateForm):
    """One session of an activity: when and where; one more, or one that moves."""

    def __init__(self, *args, activite, seance=None, **kwargs):
        super().__init__(*args, thing=activite, date=seance, **kwargs)
        self.seance = seance

    def add(self, by, values):
        activites.add(self.thing, by=by, **values)

    def move(self, by, values):
        activites.move(self.date, by=by, maison=self.thing.maison, **values)

    def save(self, by):
        """When the room is taken, those of the house that are free then are told."""
        saved, data = super().save(by), self.cleaned_data
        room = data.get("salle")
        if saved or not room:
            return saved
        counts = salles.free_counts(room.maison, [(data["debut"], data["fin"])])
        free = [str(one) for one, count in counts if count]
        if free and not dict(counts).get(room):
            if list(self.non_field_errors()) == [SALLE_PRISE]:
                del self.errors[NON_FIELD_ERRORS]  # told with the way out, once
            self.add_error("salle", f"{SALLE_PRISE} Libres : {', '.join(free)}.")
        return saved
