from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.urls import reverse

from comptes.models import Compte
from conseils.models.reunion import Reunion
from conseils.versions import Version
from maisons import heures


class Rectificatif(models.Model):
    """
    A change of what the public could read of a meeting: why, and what stood before and after.

    The database refuses to freeze nothing: without a row of its own transaction, no change; and no
    row ever changes or goes (`conseils.gel`).
    """

    reunion = models.ForeignKey(
        Reunion, models.PROTECT, verbose_name="réunion", related_name="rectificatifs"
    )
    numero = models.PositiveSmallIntegerField("numéro")
    # The instant of the transaction, by which the database knows what the row covers.
    quand = models.DateTimeField(db_default=TransactionNow(), editable=False)
    # Never shown to the public.
    compte = models.ForeignKey(
        Compte, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    motif = models.CharField("ce qui change", max_length=200)
    avant = models.JSONField()
    apres = models.JSONField("après")

    class Meta:
        verbose_name = "rectificatif"
        ordering = ["numero"]
        constraints = [
            models.UniqueConstraint(name="rectificatif_numero", fields=["reunion", "numero"]),
            models.CheckConstraint(
                name="rectificatif_motive", condition=~models.Q(motif="") & models.Q(numero__gt=0)
            ),
        ]

    def __str__(self):
        return f"Rectificatif n° {self.numero}"

    def get_absolute_url(self):
        slug, meeting = self.reunion.conseil.slug, self.reunion.numero
        return reverse("conseils:rectificatif", args=[slug, meeting, self.numero])

    @property
    def before(self):
        return Version(self.avant)

    @property
    def after(self):
        return Version(self.apres)

    @property
    def moved(self):
        """Whether it gave the meeting another day."""
        days = {heures.local(version.debut).date() for version in (self.before, self.after)}
        return len(days) > 1

    @property
    def fate(self):
        return "Reportée" if self.after.debut > self.before.debut else "Avancée"

    @property
    def removed(self):
        """The items that it took away: their numbers, their addresses, are never given again."""
        kept = self.after.items
        return [point for point in self.before.points if point.numero not in kept]
