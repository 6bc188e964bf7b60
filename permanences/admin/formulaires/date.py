from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from maisons import planning
from maisons.forms import NO_DAY, DayField
from maisons.forms.jour import HOUR, NO_HOUR, asked, span_of
from maisons.forms.refus import tell
from maisons.models import Creneau, Salle
from permanences import vacations

ASKED_AS = {"debut": "jour", "fin": "a", "personnes": "salle"}


class DateForm(forms.Form):
    """One date of a permanence: when, where, and who holds it if somebody else does."""

    jour = DayField(label="Jour", error_messages=NO_DAY)
    de = forms.TimeField(label="De", widget=HOUR, error_messages=NO_HOUR)
    a = forms.TimeField(label="À", widget=HOUR, error_messages=NO_HOUR)
    salle = forms.ModelChoiceField(
        Salle.objects.none(),
        label="Salle",
        required=False,
        empty_label="Dans la maison, sans salle réservée",
    )
    remplacant = forms.CharField(
        label="Remplacement par",
        max_length=100,
        required=False,
        help_text="Le public lit ce nom. Vide : la personne habituelle.",
    )

    groups = {"": [["jour", "de", "a"], ["salle"], ["remplacant"]]}

    def __init__(self, *args, permanence, vacation=None, **kwargs):
        known = {"salle": permanence.salle_id}
        if vacation:
            known = asked(vacation.debut, vacation.fin)
            known |= {"salle": vacation.salle_id, "remplacant": vacation.remplacant}
        super().__init__(*args, initial=known, **kwargs)
        self.permanence, self.vacation = permanence, vacation
        self.fields["salle"].queryset = permanence.maison.salles.all()

    def clean(self):
        data = self.cleaned_data
        asked = not {"jour", "de", "a"} & self.errors.keys()
        if asked and (span := span_of(self, data["jour"], data["de"], data["a"])):
            data["debut"], data["fin"] = span
            if span[0] <= timezone.now():
                self.add_error("jour", "Choisissez un jour et une heure à venir.")
        return data

    def save(self, by):
        """Through planning; returns whether it could, else the form says why not."""
        values = {name: self.cleaned_data[name] for name in ("debut", "fin", "salle", "remplacant")}
        room = values["salle"]
        values["portee"] = Creneau.Portee.SALLE if room else Creneau.Portee.SANS_SALLE
        try:
            if self.vacation:
                planning.move(self.vacation, by=by, **values)
            else:
                vacations.add(self.permanence, by=by, **values)
        except ValidationError as error:
            tell(self, error, ASKED_AS)
        return not self.errors
