from maisons.forms.moment import MomentForm
from maisons.forms.reservation import ReservationForm
from maisons.forms.sans_compte import ChiffresForm, CourrielForm, SansCompteForm

__all__ = ["ChiffresForm", "CourrielForm", "MomentForm", "ReservationForm", "SansCompteForm"]
