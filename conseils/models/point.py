from datetime import timedelta

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Deferrable, Q
from simple_history.models import HistoricalRecords

from conseils.models.conseil import Conseiller
from conseils.models.reunion import Reunion
from maisons import heures
from quartiers.models import Elu, search_words
from quartiers.texte import MARKDOWN_HELP


def total(points):
    """How long they take together; None unless all say it."""
    known = [point.minutes for point in points if point.minutes]
    return timedelta(minutes=sum(known)) if known and len(known) == len(points) else None


class PointQuerySet(models.QuerySet):
    def managed_by(self, user, verb="view"):
        return self.filter(reunion__in=Reunion.objects.managed_by(user, verb))

    def owned_by(self, user):
        return self.none()


class Point(models.Model):
    """An item of an agenda: `rang` is where it stands, `numero` its address for good."""

    class Type(models.TextChoices):
        INFORMATION = "information", "information"
        AVIS = "avis", "pour avis"
        QUESTION = "question", "question d’habitants"
        APPROBATION = "approbation", "approbation"

    AGAIN = ["titre", "rapporteur", "minutes", "type", "texte"]  # never its documents

    reunion = models.ForeignKey(Reunion, models.CASCADE, related_name="points")
    numero = models.PositiveSmallIntegerField(editable=False)
    rang = models.PositiveSmallIntegerField(
        "position", blank=True, help_text="1 pour le premier. Vide : à la fin."
    )
    titre = models.CharField(max_length=200)
    # What is read, whoever it names: it stays when the member or the elected leaves office.
    rapporteur = models.CharField(
        "qui présente", max_length=220, blank=True, help_text="Nom et qualité."
    )
    membre = models.ForeignKey(
        Conseiller, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    elu = models.ForeignKey(
        Elu,
        models.SET_NULL,
        verbose_name="élu",
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    minutes = models.PositiveSmallIntegerField("durée en minutes", null=True, blank=True)
    type = models.CharField(max_length=20, choices=Type, default=Type.INFORMATION)
    texte = models.TextField(
        blank=True,
        help_text=MARKDOWN_HELP,
    )
    approuve = models.ForeignKey(
        Reunion,
        models.SET_NULL,
        verbose_name="réunion à approuver",
        null=True,
        blank=True,
        editable=False,
        related_name="+",
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
            models.CheckConstraint(
                name="point_un_rapporteur", condition=Q(membre=None) | Q(elu=None)
            ),
        ]
        indexes = [GinIndex(fields=["recherche"], name="point_recherche")]

    def __str__(self):
        return self.titre

    def name_presenter(self, person):
        """A member of the council, somebody elected, or neither: then the text alone tells."""
        self.membre = person if isinstance(person, Conseiller) else None
        self.elu = person if isinstance(person, Elu) else None

    def again(self, on):
        """The same for another day, not saved; nobody presents it who left office meanwhile."""
        point = Point(**{name: getattr(self, name) for name in self.AGAIN})
        person = self.membre or self.elu
        if person and not person.is_in_office(on):
            point.rapporteur = ""
            person = None
        point.name_presenter(person)
        return point

    @property
    def facts(self):
        """« 40 minutes · Paul Ferrand, adjoint · pour avis »."""
        length = (
            f"{self.minutes}{heures.NBSP}minute{'s' * (self.minutes > 1)}" if self.minutes else ""
        )
        return " · ".join(filter(None, [length, self.rapporteur, self.get_type_display()]))
