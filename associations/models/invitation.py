from django.db import models

from associations.models.association import (
    Association,
    MembreAssociation,
    OfAssociationQuerySet,
)
from comptes.models import Invitation
from comptes.models import InvitationQuerySet as AnyInvitationQuerySet


class InvitationQuerySet(OfAssociationQuerySet, AnyInvitationQuerySet):
    pass


class InvitationMembre(Invitation):
    """To act for an association; what it becomes is a MembreAssociation."""

    TITLE = "On vous invite à agir pour une association"
    LETTER = "associations/courriels/invitation"
    MANDATE, PLACE = MembreAssociation, "association"

    role = models.CharField("rôle", max_length=20, choices=MembreAssociation.Role)
    association = models.ForeignKey(Association, models.CASCADE, related_name="+")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation"
        constraints = [
            models.UniqueConstraint(
                name="invitationmembre_une_en_attente",
                fields=["courriel", "association", "role"],
                condition=models.Q(acceptee_le=None, revoquee_le=None),
                violation_error_message=(
                    "Une invitation attend déjà cette personne : renvoyez-la, ou révoquez-la."
                ),
            )
        ]
