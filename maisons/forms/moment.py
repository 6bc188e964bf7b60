import re
from datetime import datetime, time

from django import forms
from django.forms.utils import from_current_timezone

from maisons import heures

# The form asks for a day and two hours; the row and its rules know two instants.
ASKED_AS = {"debut": "de", "fin": "a"}
HALF_HOURS = [time(minutes // 60, minutes % 60) for minutes in range(7 * 60, 24 * 60, 30)]


NO_DAY = {
    "required": "Choisissez un jour.",
    "invalid": "Le jour « %(value)s » n’existe pas : écrivez-le comme 24/11/2026.",
}
ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


class DayInput(forms.DateInput):
    """The browser's field for a day. It holds real days only: the error quotes what is not one."""

    def __init__(self):
        super().__init__(attrs={"type": "date"}, format="%Y-%m-%d")

    def format_value(self, value):
        try:
            return super().format_value(forms.DateField().to_python(value))
        except forms.ValidationError:
            return None


class DayField(forms.DateField):
    """A day of our calendars; the years that no window can be counted from do not exist."""

    widget = DayInput

    def to_python(self, value):
        try:
            day = super().to_python(value)
            if day is None or heures.in_calendar(day):
                return day
        except forms.ValidationError:
            pass
        typed = ISO.sub(r"\3/\2/\1", str(value))
        raise forms.ValidationError(self.error_messages["invalid"], "invalid", {"value": typed})


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


class MomentForm(forms.Form):
    """A day and two hours of it; `cleaned_data` has the two instants, `debut` and `fin`."""

    jour = DayField(label="Jour", error_messages=NO_DAY)
    de = HourField("De")
    a = HourField("À")

    def clean(self):
        cleaned = super().clean()
        day = cleaned.get("jour")
        for name, asked in ASKED_AS.items():
            if day and cleaned.get(asked):
                cleaned[name] = self.instant(asked, datetime.combine(day, cleaned[asked]))
        return cleaned

    def instant(self, asked, moment):
        try:
            return from_current_timezone(moment)
        except forms.ValidationError:
            self.add_error(
                asked, "Cette heure n’existe pas, ou deux fois : l’heure change cette nuit-là."
            )

    def add_error(self, field, error):
        """What the row refuses is told beside the question that it is about."""
        if not hasattr(error, "error_dict"):
            super().add_error(self.shown(field), error)
            return
        for name, told in error.error_dict.items():
            super().add_error(self.shown(ASKED_AS.get(name, name)), told)

    def shown(self, field):
        """The field if it is asked for on the page, else None: the whole form."""
        return field if field in self.fields and not self[field].is_hidden else None


def chosen(text):
    """What a button offers, « 2026-11-27 14:00 16:00 », as the answers of a MomentForm."""
    return dict(zip(("jour", "de", "a"), text.split(), strict=False))
