from django.db import models

from comptes.models import Invitation
from comptes.models import InvitationQuerySet as AnyInvitationQuerySet
from conseils.models.conseil import Conseil, OfConseilQuerySet, Secretariat


class InvitationQuerySet(OfConseilQuerySet, AnyInvitationQuerySet):
    pass


class InvitationSecretariat(Invitation):
    """To prepare the meetings of a council; what it becomes is a Secretariat."""

    TITLE = "On vous invite à préparer les réunions d’un conseil"
    LETTER = "conseils/courriels/invitation"
    MANDATE, PLACE = Secretariat, "conseil"

    role = models.CharField(
        "rôle",
        max_length=20,
        choices=Secretariat.Role,
        default=Secretariat.Role.SECRETAIRE,
        editable=False,
    )
    conseil = models.ForeignKey(Conseil, models.CASCADE, related_name="+")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation"
        constraints = [
            models.UniqueConstraint(
                name="invitationsecretariat_une_en_attente",
                fields=["courriel", "conseil"],
                condition=models.Q(acceptee_le=None, revoquee_le=None),
                violation_error_message=(
                    "Une invitation attend déjà cette personne : renvoyez-la, ou révoquez-la."
                ),
            )
        ]
