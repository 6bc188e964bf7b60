"""A member's role ends by itself: its person and those who answer for the association are told."""

from django.db.models import Prefetch

from associations.models import MembreAssociation
from maisons.mandats import MandateEnding


class MemberEnding(MandateEnding):
    name = "membre"
    kind, place, letter = MembreAssociation, "association", "associations/courriels/mandat"

    def rows(self):
        running = MembreAssociation.objects.in_force().filter(
            role=MembreAssociation.Role.RESPONSABLE
        )
        named = Prefetch(
            "association__membres", running.select_related("compte"), to_attr="in_charge"
        )
        return super().rows().prefetch_related(named)

    def in_charge(self, mandate):
        return [one.compte for one in mandate.association.in_charge]
