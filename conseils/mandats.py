"""A secretariat ends by itself: its person and who gave it are told before."""

from conseils.models import Secretariat
from maisons.mandats import MandateEnding


class SecretariatEnding(MandateEnding):
    name = "secretariat"
    kind, place, letter = Secretariat, "conseil", "conseils/courriels/mandat"
