from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from comptes.models import Invitation
from maisons.models.maison import Affectation, Maison, OfMaisonQuerySet

KEPT = timedelta(days=92)


class InvitationQuerySet(OfMaisonQuerySet):
    def outdated(self, now):
        """Those of which the privacy page promises that they are erased."""
        return self.filter(expire_le__lt=now - KEPT)


class InvitationAffectation(Invitation):
    """To work in a house; what it becomes is an Affectation."""

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

    def clean(self):
        self.courriel = self.courriel.strip().lower()
        if self.fin and self.fin < max(self.debut or self.fin, timezone.localdate()):
            raise ValidationError({"fin": "Choisissez un jour à venir, après le premier."})
        here = Affectation.objects.in_force().filter(compte__courriel=self.courriel)
        if self.maison_id and here.filter(maison=self.maison_id, role=self.role).exists():
            raise ValidationError({"courriel": "Cette personne a déjà ce rôle ici."})

    def validate_constraints(self, exclude=None):
        # Forms hide these two: Django then skips the check.
        super().validate_constraints(exclude=set(exclude or ()) - {"acceptee_le", "revoquee_le"})

    @property
    def still_offered(self):
        """Whether whoever invited may still do so: what they offered ends with their own rights."""
        by = self.invite_par
        may = by and by.is_active and by.has_perm("maisons.add_invitationaffectation")
        return bool(may and Maison.objects.managed_by(by).filter(pk=self.maison_id).exists())

    def mandate(self, compte):
        return Affectation(
            compte=compte,
            maison=self.maison,
            role=self.role,
            debut=self.debut,
            fin=self.fin,
            invite_par=self.invite_par,
        )
