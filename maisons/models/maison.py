from datetime import timedelta

from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from comptes.models import Mandat, MandatQuerySet
from comptes.roles import allowing
from quartiers.models import (
    BY_NAME,
    Quartier,
    SousQuartier,
    both_coordinates,
    search_words,
    spelling,
)

LOOKED_AHEAD = timedelta(days=31)  # for the next opening of a house


class MaisonQuerySet(models.QuerySet):
    def managed_by(self, user, verb="view", model=None):
        """
        As staff: the houses of an Affectation in force today, of a role that has the verb on the
        model (the house itself by default); a superuser, all.
        """
        if user.is_superuser:
            return self
        roles = allowing(verb, model or self.model)
        mine = Affectation.objects.in_force().filter(compte=user, role__in=roles)
        return self.filter(pk__in=mine.values("maison"))

    def with_hours(self, now):
        """What `maisons.ouverture` needs to say when each opens: its hours, and `closures`."""
        closures = Prefetch("fermetures", Fermeture.objects.closing(now), to_attr="closures")
        return self.prefetch_related("horaires", closures)


class Maison(models.Model):
    nom = models.CharField(max_length=100, unique=True)
    slug = models.SlugField("adresse de la page", max_length=100, unique=True)
    quartier = models.ForeignKey(Quartier, models.PROTECT, related_name="maisons")
    sous_quartier = models.ForeignKey(
        SousQuartier, models.SET_NULL, verbose_name="sous-quartier", null=True, blank=True
    )
    chapeau = models.CharField("en une phrase", max_length=200, blank=True)
    presentation = models.TextField("présentation", blank=True)
    adresse = models.CharField(max_length=200, blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    courriel = models.EmailField("adresse e-mail", blank=True)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    acces = models.TextField(
        "pour venir", blank=True, help_text="Une ligne par moyen, comme « Tram : ligne B, 150 m »."
    )
    plain_pied = models.BooleanField("entrée de plain-pied", null=True, blank=True)
    avertissement = models.CharField(
        max_length=200,
        blank=True,
        help_text="Montré sur la page, par exemple quand les horaires sont à confirmer.",
    )
    reservations_max = models.PositiveSmallIntegerField(
        "réservations à venir par personne", default=4, help_text="0 : sans limite."
    )
    reference = models.CharField(
        "référence d’origine", max_length=100, unique=True, null=True, blank=True, editable=False
    )

    recherche = search_words(nom="A", chapeau="B", adresse="C", presentation="D")

    objects = MaisonQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["recherche"])

    class Meta:
        verbose_name = "maison"
        ordering = [BY_NAME]
        constraints = [both_coordinates("maison_coordonnees")]
        indexes = [
            GinIndex(fields=["recherche"], name="maison_recherche"),
            GinIndex(spelling("nom"), name="maison_orthographe"),
        ]

    def __str__(self):
        return self.nom

    def get_absolute_url(self):
        return reverse("portail:maison", args=[self.slug])

    def open_throughout(self, debut, fin):
        """Whether one opening, in local time, holds the whole span; closures left aside."""
        first, last = timezone.localtime(debut), timezone.localtime(fin)
        return first.date() == last.date() and any(
            horaire.jour == first.weekday()
            and horaire.ouvre <= first.time()
            and last.time() <= horaire.ferme
            for horaire in self.horaires.all()
        )


class OfMaisonQuerySet(models.QuerySet):
    def managed_by(self, user, verb="view"):
        return self.filter(maison__in=Maison.objects.managed_by(user, verb, self.model))


class AffectationQuerySet(OfMaisonQuerySet, MandatQuerySet):
    pass


class Affectation(Mandat):
    """Who works in a house for the city: the front desk, or those who run it."""

    class Role(models.TextChoices):
        ACCUEIL = "accueil", "accueil"
        DIRECTION = "direction", "direction"

    role = models.CharField("rôle", max_length=20, choices=Role)
    maison = models.ForeignKey(Maison, models.CASCADE, related_name="affectations")

    objects = AffectationQuerySet.as_manager()

    class Meta(Mandat.Meta):
        verbose_name = "affectation"


class Jour(models.IntegerChoices):
    LUNDI = 0, "lundi"
    MARDI = 1, "mardi"
    MERCREDI = 2, "mercredi"
    JEUDI = 3, "jeudi"
    VENDREDI = 4, "vendredi"
    SAMEDI = 5, "samedi"
    DIMANCHE = 6, "dimanche"


class Horaire(models.Model):
    """Opening hours of a house, local time; several on one day when it closes at noon."""

    maison = models.ForeignKey(Maison, models.CASCADE, related_name="horaires")
    jour = models.PositiveSmallIntegerField(choices=Jour)
    ouvre = models.TimeField("ouvre à")
    ferme = models.TimeField("ferme à")

    objects = OfMaisonQuerySet.as_manager()

    class Meta:
        verbose_name = "horaire"
        ordering = ["jour", "ouvre"]
        constraints = [
            models.CheckConstraint(
                name="horaire_ferme_apres_ouvre",
                condition=Q(ferme__gt=F("ouvre")),
                violation_error_message="L’heure de fermeture doit suivre l’heure d’ouverture.",
            ),
            models.UniqueConstraint(
                name="horaire_unique",
                fields=["maison", "jour", "ouvre"],
                violation_error_message="Ce jour a déjà un horaire qui commence à cette heure.",
            ),
        ]

    def __str__(self):
        return f"{self.get_jour_display()} {self.ouvre:%H:%M}–{self.ferme:%H:%M}"


class FermetureQuerySet(OfMaisonQuerySet):
    def during(self, debut, fin):
        return self.filter(debut__lt=fin, fin__gt=debut)

    def closing(self, now):
        """Those of a whole house that matter to its openings of a month, by their start."""
        return self.filter(salle=None).during(now, now + LOOKED_AHEAD).order_by("debut")


class Fermeture(models.Model):
    """A house, or one room of it, closed for a half-open span [debut, fin)."""

    maison = models.ForeignKey(Maison, models.CASCADE, related_name="fermetures")
    salle = models.ForeignKey(
        "maisons.Salle",
        models.CASCADE,
        null=True,
        blank=True,
        help_text="Vide : toute la maison est fermée.",
    )
    debut = models.DateTimeField("début")
    fin = models.DateTimeField()
    motif = models.CharField(
        max_length=120, help_text="Montré au public : « travaux électriques »."
    )

    objects = FermetureQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "fermeture"
        ordering = ["debut"]
        constraints = [
            models.CheckConstraint(
                name="fermeture_fin_apres_debut",
                condition=Q(fin__gt=F("debut")),
                violation_error_message="La fin doit être après le début.",
            )
        ]

    def __str__(self):
        return f"{self.salle or self.maison}, fermeture : {self.motif}"

    def clean(self):
        if self.salle and self.salle.maison_id != self.maison_id:
            raise ValidationError({"salle": "Cette salle n’est pas dans cette maison."})
