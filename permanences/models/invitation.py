from django.db import models

from comptes.models import Invitation
from comptes.models import InvitationQuerySet as AnyInvitationQuerySet
from permanences.models.permanence import Intervenant, OfPermanenceQuerySet, Permanence


class InvitationQuerySet(OfPermanenceQuerySet, AnyInvitationQuerySet):
    pass


class InvitationIntervenant(Invitation):
    """To hold a permanence; what it becomes is an Intervenant."""

    TITLE = "On vous invite à tenir une permanence"
    LETTER = "permanences/courriels/invitation"
    MANDATE, PLACE = Intervenant, "permanence"
    HELD = "Cette personne tient déjà cette permanence."

    role = models.CharField(
        "rôle",
        max_length=20,
        choices=Intervenant.Role,
        default=Intervenant.Role.INTERVENANT,
        editable=False,
    )
    permanence = models.ForeignKey(Permanence, models.CASCADE, related_name="+")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation"
        constraints = [
            models.UniqueConstraint(
                name="invitationintervenant_une_en_attente",
                fields=["courriel", "permanence"],
                condition=models.Q(acceptee_le=None, revoquee_le=None),
                violation_error_message=(
                    "Une invitation attend déjà cette personne : renvoyez-la, ou révoquez-la."
                ),
            )
        ]
