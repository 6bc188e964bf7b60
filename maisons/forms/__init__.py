from maisons.forms.moment import NO_DAY, DayField, HourField, MomentForm
from maisons.forms.reservation import ReservationForm
from maisons.forms.sans_compte import ChiffresForm, CourrielForm, SansCompteForm

__all__ = [
    "NO_DAY",
    "ChiffresForm",
    "CourrielForm",
    "DayField",
    "HourField",
    "MomentForm",
    "ReservationForm",
    "SansCompteForm",
]
