from datetime import timedelta
from uuid import uuid4

from django.db import connection, models
from django.db.models import Q
from django.utils import timezone

KEPT = timedelta(days=365)


class RemarqueQuerySet(models.QuerySet):
    def outdated(self):
        return self.filter(cree_le__lt=timezone.now() - KEPT)


class Remarque(models.Model):
    """What a reader thinks of a page; nobody knows who wrote it."""

    class Avis(models.TextChoices):
        OUI = "oui", "Oui"
        NON = "non", "Non"

    page = models.CharField(max_length=200)
    avis = models.CharField("cette page a aidé", max_length=3, choices=Avis)
    texte = models.TextField("ce qui a manqué", max_length=1000, blank=True)
    cree_le = models.DateTimeField("écrite le", default=timezone.now, editable=False)

    objects = RemarqueQuerySet.as_manager()

    class Meta:
        verbose_name = "remarque"
        ordering = ["-cree_le"]

    def __str__(self):
        return f"{self.page} : {self.get_avis_display().lower()}"


class VersionAgenda(models.Model):
    """
    One row, whose value changes at the end of each transaction that changes what the agenda shows.

    Triggers write it; whoever keeps a page reads it first.
    """

    valeur = models.UUIDField(default=uuid4)

    class Meta:
        verbose_name = "version de l’agenda"
        constraints = [models.CheckConstraint(name="versionagenda_unique", condition=Q(pk=1))]

    def __str__(self):
        return str(self.valeur)

    @staticmethod
    def current():
        with connection.cursor() as cursor:  # each page asks: as cheap as can be
            cursor.execute("SELECT valeur FROM portail_versionagenda")
            row = cursor.fetchone()
        return row and row[0]
