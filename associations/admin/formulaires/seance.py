from associations import activites
from maisons.forms.date import DateForm


class SeanceForm(DateForm):
    """One session of an activity: when and where; one more, or one that moves."""

    def __init__(self, *args, activite, seance=None, **kwargs):
        super().__init__(*args, thing=activite, date=seance, **kwargs)
        self.seance = seance

    def add(self, by, values):
        activites.add(self.thing, by=by, **values)

    def move(self, by, values):
        activites.move(self.date, by=by, **values)
