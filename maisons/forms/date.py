"""One date of a lasting thing that has a house and a room of its own: when, and where."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from maisons.forms.jour import HOUR, NO_HOUR, asked, span_of
from maisons.forms.moment import NO_DAY, DayField
from maisons.forms.refus import tell
from maisons.models import Creneau, Salle

ASKED_AS = {"debut": "jour", "fin": "a", "personnes": "salle"}


class DateForm(forms.Form):
    """One more date, or one that moves: a domain says how each is written."""

    jour = DayField(label="Jour", error_messages=NO_DAY)
    de = forms.TimeField(label="De", widget=HOUR, error_messages=NO_HOUR)
    a = forms.TimeField(label="À", widget=HOUR, error_messages=NO_HOUR)
    salle = forms.ModelChoiceField(
        Salle.objects.none(),
        label="Salle",
        required=False,
        empty_label="Dans la maison, sans salle réservée",
    )

    groups = {"": [["jour", "de", "a"], ["salle"]]}
    KEPT = ["debut", "fin", "salle"]  # what is written of the answers

    def __init__(self, *args, thing, date=None, known=None, **kwargs):
        known = {"salle": thing.salle_id} | (known or {})
        if date:
            known |= asked(date.debut, date.fin) | {"salle": date.salle_id}
        super().__init__(*args, initial=known, **kwargs)
        self.thing, self.date = thing, date
        self.fields["salle"].queryset = thing.maison.salles.all()

    def clean(self):
        data = self.cleaned_data
        told = not {"jour", "de", "a"} & self.errors.keys()
        if told and (span := span_of(self, data["jour"], data["de"], data["a"])):
            data["debut"], data["fin"] = span
            if span[0] <= timezone.now():
                self.add_error("jour", "Choisissez un jour et une heure à venir.")
        return data

    def save(self, by):
        """Through planning; returns whether it could, else the form says why not."""
        values = {name: self.cleaned_data[name] for name in self.KEPT}
        room = values["salle"]
        values["portee"] = Creneau.Portee.SALLE if room else Creneau.Portee.SANS_SALLE
        try:
            self.move(by, values) if self.date else self.add(by, values)
        except ValidationError as error:
            tell(self, error, ASKED_AS)
        return not self.errors

    def add(self, by, values):
        raise NotImplementedError

    def move(self, by, values):
        raise NotImplementedError
