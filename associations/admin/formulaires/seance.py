from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from associations import activites
from maisons.forms import NO_DAY, DayField
from maisons.forms.jour import HOUR, NO_HOUR, asked, span_of
from maisons.forms.refus import tell
from maisons.models import Creneau, Salle

ASKED_AS = {"debut": "jour", "fin": "a", "personnes": "salle"}


class SeanceForm(forms.Form):
    """One session of an activity: when and where; one more, or one that moves."""

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

    def __init__(self, *args, activite, seance=None, known=None, **kwargs):
        known = {"salle": activite.salle_id} | (known or {})
        if seance:
            known = asked(seance.debut, seance.fin) | {"salle": seance.salle_id}
        super().__init__(*args, initial=known, **kwargs)
        self.activite, self.seance = activite, seance
        self.fields["salle"].queryset = activite.maison.salles.all()

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
        values = {name: self.cleaned_data[name] for name in ("debut", "fin", "salle")}
        room = values["salle"]
        values["portee"] = Creneau.Portee.SALLE if room else Creneau.Portee.SANS_SALLE
        try:
            if self.seance:
                activites.move(self.seance, by=by, **values)
            else:
                activites.add(self.activite, by=by, **values)
        except ValidationError as error:
            tell(self, error, ASKED_AS)
        return not self.errors
