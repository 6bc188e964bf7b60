"""An Intervenant ends by itself: its person and who gave it are told before."""

from maisons.mandats import MandateEnding
from permanences.models import Intervenant


class IntervenantEnding(MandateEnding):
    name = "intervenant"
    kind, place, letter = Intervenant, "permanence", "permanences/courriels/mandat"
