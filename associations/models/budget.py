from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q
from simple_history.models import HistoricalRecords

from associations.models.association import Association, OfAssociationQuerySet
from maisons.models import Evenement, Maison

APRES = "Le dernier jour doit suivre le premier."


class DateRange(Func):
    function = "DATERANGE"
    output_field = DateRangeField()


class BudgetHeures(models.Model):
    """The hours of room that the city grants to an association for a season, and their value."""

    association = models.ForeignKey(Association, models.CASCADE, related_name="budgets")
    premier = models.DateField("premier jour")
    dernier = models.DateField("dernier jour", help_text="Compris.")
    heures = models.PositiveIntegerField("nombre d’heures")
    valeur_heure = models.DecimalField(
        "valeur d’une heure, en euros",
        max_digits=6,
        decimal_places=2,
        default=0,
        help_text="Pour dire ce que vaut le prêt. 0 : sans valeur.",
    )

    objects = OfAssociationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "budget d’heures"
        verbose_name_plural = "budgets d’heures"
        ordering = ["-premier", "association__nom", "pk"]
        constraints = [
            models.CheckConstraint(
                name="budget_dernier_apres_premier",
                condition=Q(dernier__gte=F("premier")),
                violation_error_message=APRES,
            ),
            models.CheckConstraint(
                name="budget_valeur_positive",
                condition=Q(valeur_heure__gte=0),
                violation_error_message="La valeur d’une heure ne peut pas être négative.",
            ),
            ExclusionConstraint(
                name="budget_sans_chevauchement",
                expressions=[
                    ("association", RangeOperators.EQUAL),
                    (
                        DateRange("premier", "dernier", RangeBoundary(inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message="Cette association a déjà un budget pour ces jours.",
            ),
        ]

    def __str__(self):
        return f"{self.association}, {self.saison}"

    def clean(self):
        """Before the constraints: PostgreSQL breaks on a range that ends before it begins."""
        if self.premier and self.dernier and self.dernier < self.premier:
            raise ValidationError({"dernier": APRES})

    @property
    def saison(self):
        """« 2026-2027 », or the year alone."""
        years = dict.fromkeys([self.premier.year, self.dernier.year])
        return "-".join(map(str, years))


class EvenementOrganiseQuerySet(models.QuerySet):
    def managed_by(self, user, verb="view"):
        """As staff: of the events of one's houses; a city administrator, all."""
        if user.is_superuser:
            return self
        houses = Maison.objects.managed_by(user, verb, self.model)
        return self.filter(evenement__maison__in=houses)

    def owned_by(self, user):
        return self.none()


class EvenementOrganise(models.Model):
    """An event that an association organises: its rooms count in the association's hours."""

    association = models.ForeignKey(Association, models.CASCADE, related_name="organises")
    evenement = models.ForeignKey(
        Evenement, models.CASCADE, verbose_name="événement", related_name="organisateurs"
    )

    objects = EvenementOrganiseQuerySet.as_manager()

    class Meta:
        verbose_name = "événement d’association"
        verbose_name_plural = "événements d’associations"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                name="evenement_organise_une_fois",
                fields=["association", "evenement"],
                violation_error_message="C’est déjà noté.",
            ),
        ]

    def __str__(self):
        return f"{self.evenement}, {self.association}"
