from django.contrib.postgres.functions import TransactionNow
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from conseils.models.point import Point
from conseils.models.reunion import Reunion
from documents.models import FACTS, Recu

WORDS = ["titre", "resume", "alternative"]


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


class PieceAncienneQuerySet(models.QuerySet):
    def public(self):
        return self.filter(piece__in=Piece.objects.public())

    def replaced_by(self, rectificatif):
        """The files that were replaced in the transaction of a correction."""
        return self.filter(
            piece__reunion=rectificatif.reunion_id, remplace_le=rectificatif.quand
        ).select_related("piece__reunion__conseil")

    def managed_by(self, user, verb="view"):
        return self.filter(piece__in=Piece.objects.managed_by(user, verb))

    def owned_by(self, user):
        return self.none()


class PieceAncienne(Recu):
    """What a public document was before a correction replaced its file: it stays readable."""

    piece = models.ForeignKey(
        Piece, models.CASCADE, verbose_name="document", related_name="anciennes"
    )
    # The instant of the transaction: that of its correction (Rectificatif.quand).
    remplace_le = models.DateTimeField("remplacé le", db_default=TransactionNow(), editable=False)

    objects = PieceAncienneQuerySet.as_manager()

    class Meta(Recu.Meta):
        verbose_name = "document remplacé"
        verbose_name_plural = "documents remplacés"
        ordering = ["pk"]

    @classmethod
    def of(cls, piece):
        """The row that keeps the words and the file of a document as they stand, not saved."""
        kept = {name: getattr(piece, name) for name in [*WORDS, *FACTS]}
        return cls(piece_id=piece.pk, fichier=piece.fichier.name, **kept)

    def get_absolute_url(self):
        meeting = self.piece.reunion
        args = [meeting.conseil.slug, meeting.numero, self.pk, self.nom_fichier]
        return reverse("conseils:document_ancien", args=args)
