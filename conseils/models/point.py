from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Deferrable, Q
from simple_history.models import HistoricalRecords

from conseils.models.reunion import Reunion
from maisons import heures
from quartiers.models import search_words


class PointQuerySet(models.QuerySet):
    def managed_by(self, user):
        return self.filter(reunion__in=Reunion.objects.managed_by(user))

    def owned_by(self, user):
        return self.none()


class Point(models.Model):
    """An item of an agenda: `rang` is where it stands, `numero` its address for good."""

    class Type(models.TextChoices):
        INFORMATION = "information", "information"
        AVIS = "avis", "pour avis"
        QUESTION = "question", "question d’habitants"
        APPROBATION = "approbation", "approbation"

    reunion = models.ForeignKey(Reunion, models.CASCADE, related_name="points")
    numero = models.PositiveSmallIntegerField(editable=False)
    rang = models.PositiveSmallIntegerField(
        "position", blank=True, help_text="1 pour le premier. Vide : à la fin."
    )
    titre = models.CharField(max_length=200)
    rapporteur = models.CharField(
        "qui présente", max_length=120, blank=True, help_text="Nom et qualité."
    )
    minutes = models.PositiveSmallIntegerField("durée en minutes", null=True, blank=True)
    type = models.CharField(max_length=20, choices=Type, default=Type.INFORMATION)
    texte = models.TextField(
        blank=True,
        help_text="Laissez une ligne vide entre deux paragraphes. « - » devant une ligne en fait "
        "une liste.",
    )
    recherche = search_words(titre="A", texte="D")

    objects = PointQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["recherche"])

    class Meta:
        verbose_name = "point"
        ordering = ["rang", "numero"]
        constraints = [
            # At the end of the transaction: publishing numbers them all again.
            models.UniqueConstraint(
                name="point_numero_unique",
                fields=["reunion", "numero"],
                deferrable=Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                name="point_numeros_positifs", condition=Q(numero__gt=0, rang__gt=0)
            ),
            models.CheckConstraint(
                name="point_minutes",
                condition=Q(minutes=None) | Q(minutes__range=(1, 600)),
                violation_error_message="Un point dure de 1 à 600 minutes.",
            ),
        ]
        indexes = [GinIndex(fields=["recherche"], name="point_recherche")]

    def __str__(self):
        return self.titre

    @property
    def facts(self):
        """« 40 minutes · Paul Ferrand, adjoint · pour avis »."""
        length = (
            f"{self.minutes}{heures.NBSP}minute{'s' * (self.minutes > 1)}" if self.minutes else ""
        )
        return " · ".join(filter(None, [length, self.rapporteur, self.get_type_display()]))
