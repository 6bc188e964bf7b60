from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from associations.models.association import Association
from maisons.models import Maison


class CogestionQuerySet(models.QuerySet):
    def in_force(self, on=None):
        """Those that hold on a day, both ends included (today by default)."""
        day = on or timezone.localdate()
        return self.filter(Q(jusqu_au=None) | Q(jusqu_au__gte=day), depuis__lte=day)

    def public(self):
        """What the public reads: of an association that the directory shows."""
        return self.in_force().filter(association__visible=True)

    def managed_by(self, user, verb="view"):
        """For city administrators alone."""
        return self if user.is_superuser else self.none()

    def owned_by(self, user):
        return self.none()


class Cogestion(models.Model):
    """A house that an association runs with the city: what each has promised, until when."""

    association = models.ForeignKey(Association, models.CASCADE, related_name="cogestions")
    maison = models.ForeignKey(Maison, models.CASCADE, related_name="cogestions")
    depuis = models.DateField("depuis le", default=timezone.localdate)
    jusqu_au = models.DateField(
        "jusqu’au", null=True, blank=True, help_text="Dernier jour compris. Vide : sans fin prévue."
    )
    engagements_ville = models.TextField(
        "ce que fait la ville", max_length=2000, blank=True, help_text="Public. Une ligne chacun."
    )
    engagements_association = models.TextField(
        "ce que fait l’association",
        max_length=2000,
        blank=True,
        help_text="Public. Une ligne chacun.",
    )
    revue_le = models.DateField(
        "prochain bilan annuel", null=True, blank=True, help_text="Le jour où l’on en parle."
    )

    objects = CogestionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "cogestion"
        ordering = ["maison__nom", "-depuis", "pk"]
        constraints = [
            models.CheckConstraint(
                name="cogestion_fin_apres_debut",
                condition=Q(jusqu_au=None) | Q(jusqu_au__gte=F("depuis")),
                violation_error_message="Le dernier jour doit suivre le premier.",
            ),
            models.UniqueConstraint(
                name="cogestion_une_ouverte",
                fields=["association", "maison"],
                condition=Q(jusqu_au=None),
                violation_error_message="Cette association co-gère déjà cette maison.",
            ),
        ]

    def __str__(self):
        return f"{self.association}, {self.maison}"
