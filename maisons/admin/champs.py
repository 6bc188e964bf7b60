"""Fields and forms that several admin classes of the houses share."""

import re
from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError

from comptes.gestion import ScopedChoices
from maisons.models import Salle

KEY = re.compile(r"[0-9]{1,18}")  # of a row; more digits are no key
LONGEST = 10_000  # of any unit: a typing mistake, not a duration


class RoomField(forms.ModelChoiceField):
    """Two houses may both have a « Grande salle »."""

    def label_from_instance(self, room):
        return f"{room} ({room.maison})"


class RoomChoices(ScopedChoices):
    def scope(self, db_field, request):
        if db_field.remote_field.model is not Salle:
            return super().scope(db_field, request)
        rooms = Salle.objects.managed_by(request.user).select_related("maison")
        return {"queryset": rooms.order_by("maison", "nom"), "form_class": RoomField}


class DurationField(forms.FloatField):
    """A duration typed as a number of minutes or hours."""

    def __init__(self, unit, **kwargs):
        self.unit = unit
        widget = forms.NumberInput(attrs={"min": 0, "step": "any", "class": "court"})
        super().__init__(widget=widget, **kwargs)

    def prepare_value(self, value):
        return f"{value / self.unit:g}" if isinstance(value, timedelta) else value

    def validate(self, value):
        forms.Field.validate(self, value)  # what is kept is not a number

    def to_python(self, value):
        number = super().to_python(value)
        if number is None:
            return None
        if not 0 <= number <= LONGEST:
            raise ValidationError(f"Écrivez un nombre entre 0 et {LONGEST}.")
        return number * self.unit


class WrittenByPlanning(forms.ModelForm):
    """
    Written as the last step of its check: what planning refuses is told on the page.

    Admin pages are one transaction, and planning leaves nothing behind what it refuses.
    """

    def write(self):
        raise NotImplementedError

    def _post_clean(self):
        super()._post_clean()
        if not self.errors:
            try:
                self.written = self.write()
            except ValidationError as error:
                self.add_error(None, error.messages)
