from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from maisons.models.maison import Maison, OfMaisonQuerySet
from maisons.models.salle import Salle


class Serie(models.Model):
    """
    The rule that made a run of dates: local days, one local hour, one length, one place.

    `regle` is an RRULE of RFC 5545 without DTSTART or UNTIL; `premier` and `dernier` bound it, both
    included. The hour stays the same through both changes of hour.
    """

    class Regime(models.TextChoices):
        TOUJOURS = "toujours", "toute l’année"
        HORS_VACANCES = "hors_vacances", "hors vacances scolaires"
        VACANCES = "vacances", "pendant les vacances scolaires"

    maison = models.ForeignKey(Maison, models.PROTECT, related_name="series")
    salle = models.ForeignKey(Salle, models.PROTECT, null=True, blank=True, related_name="+")
    portee = models.CharField("où", max_length=15, default="salle")
    regle = models.CharField("rythme", max_length=200)
    premier = models.DateField("premier jour")
    dernier = models.DateField("dernier jour")
    heure = models.TimeField("heure")
    duree = models.DurationField("durée")
    regime = models.CharField("quand", max_length=15, choices=Regime, default=Regime.TOUJOURS)
    jours_feries = models.BooleanField("les jours fériés aussi", default=False)

    objects = OfMaisonQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "série"
        constraints = [
            models.CheckConstraint(
                name="serie_dernier_apres_premier",
                condition=Q(dernier__gte=F("premier")),
                violation_error_message="Le dernier jour doit suivre le premier.",
            ),
            models.CheckConstraint(
                name="serie_duree",
                condition=Q(duree__gt=timedelta(), duree__lte=timedelta(days=1)),
                violation_error_message="Une date dure un jour au plus.",
            ),
        ]

    def __str__(self):
        return f"{self.salle or self.maison}, {self.regle}"

    def clean(self):
        if self.salle and self.salle.maison_id != self.maison_id:
            raise ValidationError({"salle": "Cette salle n’est pas dans cette maison."})


class DateEcartee(models.Model):
    """A day on which a series has no date, and why: told to staff and to the public."""

    class Cause(models.TextChoices):
        FERIE = "ferie", "jour férié"
        VACANCES = "vacances", "vacances scolaires"
        HORS_VACANCES = "hors_vacances", "hors des vacances scolaires"
        CALENDRIER = "calendrier", "calendrier scolaire non publié"
        FERMETURE = "fermeture", "fermeture"
        SALLE = "salle", "salle prise"
        REGLE = "regle", "hors des règles de la salle"
        RETIREE = "retiree", "retirée"

    serie = models.ForeignKey(Serie, models.CASCADE, related_name="ecartees")
    jour = models.DateField()
    cause = models.CharField(max_length=15, choices=Cause)
    detail = models.CharField("détail", max_length=200, blank=True)  # public: never a person's name

    class Meta:
        verbose_name = "date écartée"
        verbose_name_plural = "dates écartées"
        ordering = ["jour"]
        constraints = [models.UniqueConstraint(name="dateecartee_unique", fields=["serie", "jour"])]

    def __str__(self):
        return self.detail or self.get_cause_display()
