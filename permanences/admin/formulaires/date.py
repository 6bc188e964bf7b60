from django import forms

from maisons import planning
from maisons.forms import date
from permanences import vacations


class DateForm(date.DateForm):
    """One date of a permanence: when, where, and who holds it if somebody else does."""

    remplacant = forms.CharField(
        label="Remplacement par",
        max_length=100,
        required=False,
        help_text="Le public lit ce nom. Vide : la personne habituelle.",
    )

    groups = {"": [["jour", "de", "a"], ["salle"], ["remplacant"]]}
    KEPT = [*date.DateForm.KEPT, "remplacant"]

    def __init__(self, *args, permanence, vacation=None, **kwargs):
        known = {"remplacant": vacation.remplacant} if vacation else {}
        super().__init__(*args, thing=permanence, date=vacation, known=known, **kwargs)
        self.vacation = vacation

    def add(self, by, values):
        vacations.add(self.thing, by=by, **values)

    def move(self, by, values):
        planning.move(self.date, by=by, **values)
