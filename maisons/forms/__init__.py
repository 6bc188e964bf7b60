from comptes.forms import ChiffresForm, CourrielForm
from maisons.forms.moment import NO_DAY, DayField, DayInput, HourField, MomentForm
from maisons.forms.reservation import ReservationForm
from maisons.forms.sans_compte import SansCompteForm

__all__ = [
    "NO_DAY",
    "ChiffresForm",
    "CourrielForm",
    "DayField",
    "DayInput",
    "HourField",
    "MomentForm",
    "ReservationForm",
    "SansCompteForm",
]
