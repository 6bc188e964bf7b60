from django.core.exceptions import ValidationError
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

    @property
    def place(self):
        return self.conseil

    def clean(self):
        super().clean()
        here = Secretariat.objects.in_force().filter(compte__courriel=self.courriel)
        if self.conseil_id and here.filter(conseil=self.conseil_id).exists():
            raise ValidationError({"courriel": "Cette personne a déjà ce rôle ici."})

    def mandate(self, compte):
        return Secretariat(
            compte=compte,
            conseil=self.conseil,
            debut=self.debut,
            fin=self.fin,
            invite_par=self.invite_par,
        )
