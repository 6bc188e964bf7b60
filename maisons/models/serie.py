from datetime import datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from dateutil.tz import datetime_exists
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from simple_history.models import HistoricalRecords

from maisons import heures
from maisons.models.maison import Maison
from maisons.models.salle import Salle
from maisons.rythmes import Rythme

LONGEST = relativedelta(years=3)
MOST_DATES = 400


class SerieQuerySet(models.QuerySet):
    def managed_by(self, user, verb="view"):
        """Whoever manages its dates: an event's by its own house, others by the house they use."""
        houses = Maison.objects.managed_by(user, verb)
        of_event = Q(creneaux__occurrence__evenement__maison__in=houses)
        of_house = Q(creneaux__occurrence=None, maison__in=houses)
        return self.filter(pk__in=self.model.objects.filter(of_event | of_house).values("pk"))

    def of_event(self, pk):
        dates = self.model.creneaux.rel.related_model.objects.filter(occurrence__evenement=pk)
        return self.filter(pk__in=dates.values("serie"))

    def going_on(self, day):
        """Those that are not over, with what the public is told of their days left out (`told`)."""
        missing = DateEcartee.objects.filter(jour__gte=day)
        # « pendant les vacances scolaires » says of all the other weeks that there is nothing.
        missing = missing.exclude(cause=DateEcartee.Cause.HORS_VACANCES)
        told = models.Prefetch("ecartees", missing, to_attr="told")
        return self.filter(dernier__gte=day).prefetch_related(told).order_by("premier", "pk")


class Serie(models.Model):
    """
    The rule that made a run of dates: local days, one local hour, one length, one place.

    `regle` is an RRULE of RFC 5545 without DTSTART or UNTIL; `premier` and `dernier` bound it, both
    included. The hours stay the same through both changes of hour: `duree` is what a clock on the
    wall shows between the two.
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

    objects = SerieQuerySet.as_manager()
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
        return self.in_words()

    def in_words(self):
        """« chaque mardi, de 18 h à 20 h, du 8 septembre 2026 au 29 juin 2027, hors vacances… »."""
        midnight = datetime.combine(self.premier, time.min)
        ends = datetime.combine(self.premier, self.heure) + self.duree
        next_day = " le lendemain" if ends - midnight > timedelta(days=1) else ""
        return ", ".join(
            [
                Rythme.parse(self.regle).words,
                f"de {heures.hour(self.heure)} à {heures.hour(ends.time())}{next_day}",
                self.bounds_in_words(),
                *[self.get_regime_display()] * (self.regime != self.Regime.TOUJOURS),
                *["jours fériés compris"] * self.jours_feries,
            ]
        )

    def bounds_in_words(self):
        last = full_day(self.dernier)
        if self.premier == self.dernier:
            return f"le {last}"
        return f"du {full_day(self.premier, year=self.premier.year != self.dernier.year)} au {last}"

    def days(self):
        """The local days of its rule, whether they have a date or not."""
        return Rythme.parse(self.regle).days(self.premier, self.dernier)

    def span(self, day):
        """
        (debut, fin) of its date of a day; None when one of the two hours does not exist that night.

        An hour that comes twice is the first of the two.
        """
        starts = datetime.combine(day, self.heure)
        ends = starts + self.duree
        span = tuple(heures.starts_at(at.date(), at.time()) for at in (starts, ends))
        return span if all(map(datetime_exists, span)) else None

    def clean(self):
        if self.salle and self.salle.maison_id != self.maison_id:
            raise ValidationError({"salle": "Cette salle n’est pas dans cette maison."})
        if not (self.premier and self.dernier and self.regle) or self.dernier < self.premier:
            return  # told beside the field
        if self._state.adding and self.premier < timezone.localdate():
            raise ValidationError({"premier": "Ce jour est passé : choisissez-en un autre."})
        latest = self.premier + LONGEST
        if self.dernier > latest:
            raise ValidationError(
                {"dernier": f"Une série dure trois ans au plus : jusqu’au {full_day(latest)}."}
            )
        count = len(self.days())
        if count > MOST_DATES:
            raise ValidationError(
                {
                    "dernier": f"Une série a {MOST_DATES} dates au plus ; "
                    f"celle-ci en aurait {count} : rapprochez le dernier jour."
                }
            )
        if not count:
            raise ValidationError(
                {"dernier": "Entre ces deux jours, aucun ne tombe dans ce rythme."}
            )


def full_day(on, year=True):
    """« 1er septembre 2026 »: a rule is read in any year."""
    rank = "1er" if on.day == 1 else str(on.day)
    return f"{rank} {date_format(on, 'F Y' if year else 'F')}"


class DateEcartee(models.Model):
    """A day on which a series has no date, and why: told to staff and to the public."""

    class Cause(models.TextChoices):
        FERIE = "ferie", "jour férié"
        VACANCES = "vacances", "vacances scolaires"
        HORS_VACANCES = "hors_vacances", "hors des vacances scolaires"
        CALENDRIER = "calendrier", "calendrier scolaire non publié"
        HEURE = "heure", "l’heure change cette nuit-là"
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
