from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from conseils.models.point import Point
from conseils.models.reunion import Reunion
from documents.models import Recu


class PieceQuerySet(models.QuerySet):
    def public(self):
        """Those that anybody may read: their meeting is public, cancelled or not."""
        return self.exclude(reunion__publie_le=None)

    def managed_by(self, user, verb="view"):
        return self.filter(reunion__in=Reunion.objects.managed_by(user, verb))

    def owned_by(self, user):
        return self.none()


class Piece(Recu):
    """A document of a meeting, or of one of its items; private as long as the meeting is."""

    reunion = models.ForeignKey(Reunion, models.CASCADE, related_name="pieces")
    point = models.ForeignKey(
        Point,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="pieces",
        help_text="Vide : un document de toute la réunion.",
    )
    rang = models.PositiveSmallIntegerField(editable=False)

    objects = PieceQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(Recu.Meta):
        verbose_name = "document"
        ordering = ["rang", "pk"]
        constraints = [
            *Recu.Meta.constraints,
            models.CheckConstraint(name="piece_rang_positif", condition=Q(rang__gt=0)),
        ]

    def get_absolute_url(self):
        """Where its file is; that of a draft opens for its secretary alone."""
        if self.reunion.publie_le is None:
            return reverse("admin:conseils_piece_file", args=[self.pk])
        meeting = [self.reunion.conseil.slug, self.reunion.numero]
        return reverse("conseils:document", args=[*meeting, self.pk, self.nom_fichier])

    def clean(self):
        super().clean()
        # A foreign key over both columns says it to any other writer.
        if self.point and self.point.reunion_id != self.reunion_id:
            raise ValidationError({"point": "Choisissez un point de cette réunion."})
