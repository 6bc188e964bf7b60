"""When a date is, as staff say it: a day, and two hours to the minute."""

from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import from_current_timezone
from django.utils import timezone

from maisons.models.creneau import FIN_AVANT_DEBUT
from maisons.series import NO_SUCH_HOUR

HOUR = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
NO_HOUR = {"required": "Choisissez une heure."}


def asked(debut, fin):
    """The answers that say a span."""
    first, last = timezone.localtime(debut), timezone.localtime(fin)
    return {"jour": first.date(), "de": first.time(), "a": last.time()}


def span_of(form, day, de, a):
    """The two instants of a day and two hours; None once the form says what is wrong with them."""
    if a <= de:
        form.add_error("a", FIN_AVANT_DEBUT)
        return None
    try:
        debut, fin = (from_current_timezone(datetime.combine(day, hour)) for hour in (de, a))
    except ValidationError:
        form.add_error("de", NO_SUCH_HOUR)
        return None
    return debut, fin
