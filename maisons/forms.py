from datetime import datetime, time

from django import forms
from django.forms.utils import from_current_timezone

from maisons import heures
from maisons.models import Reservation

# The form asks for a day and two hours; the row and its rules know two instants.
ASKED_AS = {"debut": "de", "fin": "a"}
HALF_HOURS = [time(minutes // 60, minutes % 60) for minutes in range(7 * 60, 24 * 60, 30)]


NO_DAY = {
    "required": "Choisissez un jour.",
    "invalid": "Ce jour n’existe pas : écrivez-le comme 24/11/2026.",
}


class DayField(forms.DateField):
    """A day of our calendars; the years that no window can be counted from do not exist."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def to_python(self, value):
        day = super().to_python(value)
        if day and not heures.in_calendar(day):
            raise forms.ValidationError(self.error_messages["invalid"])
        return day


class HourField(forms.TypedChoiceField):
    def __init__(self, label, empty="Choisir", **kwargs):
        hours = [(f"{hour:%H:%M}", heures.hour(hour)) for hour in HALF_HOURS]
        super().__init__(
            label=label,
            choices=[("", empty), *hours],
            coerce=time.fromisoformat,
            empty_value=None,
            error_messages={
                "required": "Choisissez une heure.",
                "invalid_choice": "Choisissez une heure de la liste.",
            },
            **kwargs,
        )


class ReservationForm(forms.ModelForm):
    """When, why, how many: five questions, two of them typed at most."""

    jour = DayField(label="Jour", error_messages=NO_DAY)
    de = HourField("De")
    a = HourField("À")
    jeton = forms.UUIDField(widget=forms.HiddenInput)

    class Meta:
        model = Reservation
        fields = ["usage", "personnes"]
        labels = {"usage": "Pourquoi venez-vous ?", "personnes": "Combien de personnes ?"}
        help_texts = {"personnes": "En comptant les enfants."}
        widgets = {"personnes": forms.TextInput(attrs={"inputmode": "numeric", "class": "court"})}
        error_messages = {
            "usage": {"required": "Choisissez pourquoi vous venez."},
            "personnes": {
                "required": "Dites combien de personnes viennent.",
                "invalid": "Écrivez un nombre, par exemple 12.",
                "min_value": "Il faut au moins une personne.",
            },
        }

    field_order = ["jour", "de", "a", "usage", "personnes"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["personnes"].required = True
        self.fields["personnes"].min_value = 1
        self.fields["usage"].choices = [("", "Choisir dans la liste"), *Reservation.Usage.choices]

    def clean_personnes(self):
        number = self.cleaned_data["personnes"]
        if number < 1:
            raise forms.ValidationError("Il faut au moins une personne.")
        return number

    def clean(self):
        cleaned = super().clean()
        day = cleaned.get("jour")
        for name, asked in ASKED_AS.items():
            if day and cleaned.get(asked):
                self.set_instant(name, asked, datetime.combine(day, cleaned[asked]))
        if cleaned.get("jeton"):
            self.instance.jeton = cleaned["jeton"]
        return cleaned

    def set_instant(self, name, asked, moment):
        try:
            setattr(self.instance, name, from_current_timezone(moment))
        except forms.ValidationError:
            self.add_error(
                asked, "Cette heure n’existe pas, ou deux fois : l’heure change cette nuit-là."
            )

    def add_error(self, field, error):
        """What the row refuses is told beside the question that it is about."""
        if not hasattr(error, "error_dict"):
            super().add_error(field, error)
            return
        for name, told in error.error_dict.items():
            asked = ASKED_AS.get(name, name)
            super().add_error(asked if asked in self.fields else None, told)
