from django.db import models

from comptes.models import Invitation
from comptes.models import InvitationQuerySet as AnyInvitationQuerySet
from maisons.models.maison import Affectation, Maison, OfMaisonQuerySet


class InvitationQuerySet(OfMaisonQuerySet, AnyInvitationQuerySet):
    pass


class InvitationAffectation(Invitation):
    """To work in a house; what it becomes is an Affectation."""

    TITLE = "On vous invite à rejoindre une maison"
    LETTER = "maisons/courriels/invitation"
    MANDATE, PLACE = Affectation, "maison"

    role = models.CharField("rôle", max_length=20, choices=Affectation.Role)
    maison = models.ForeignKey(Maison, models.CASCADE, related_name="+")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation"
        constraints = [
            models.UniqueConstraint(
                name="invitationaffectation_une_en_attente",
                fields=["courriel", "maison", "role"],
                condition=models.Q(acceptee_le=None, revoquee_le=None),
                violation_error_message=(
                    "Une invitation attend déjà cette personne : renvoyez-la, ou révoquez-la."
                ),
            )
        ]
