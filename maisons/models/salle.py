from datetime import timedelta
from functools import cached_property

from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from simple_history.models import HistoricalRecords

from maisons.models.maison import Maison, OfMaisonQuerySet
from quartiers.models import search_words, spelling


class Salle(models.Model):
    """A room and the rules of its loan; a large room may have parts that are let one by one."""

    maison = models.ForeignKey(Maison, models.PROTECT, related_name="salles")
    nom = models.CharField(max_length=80)
    slug = models.SlugField("adresse de la page", max_length=80)
    partie_de = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="partie de",
        null=True,
        blank=True,
        related_name="parties",
        help_text="La grande salle, quand celle-ci en est une moitié.",
    )
    partagee = models.BooleanField(
        "partagée",
        default=False,
        help_text="Un hall : plusieurs usages en même temps, dans la limite des places.",
    )
    capacite = models.PositiveSmallIntegerField(
        "nombre de places", validators=[MinValueValidator(1)]
    )
    surface = models.PositiveSmallIntegerField("surface en m²", null=True, blank=True)
    equipements = models.CharField(
        "équipements", max_length=200, blank=True, help_text="Par exemple : évier, vidéoprojecteur"
    )
    plain_pied = models.BooleanField("accès de plain-pied", null=True, blank=True)
    reservable = models.BooleanField("réservable par les habitants", default=True)
    avec_accord = models.BooleanField(
        "avec accord de l’accueil",
        default=True,
        help_text="Décoché : la réservation est confirmée tout de suite.",
    )
    battement = models.DurationField(
        "temps de rangement",
        default=timedelta(),
        help_text="Gardé après chaque usage, par exemple 0:15:00.",
    )
    preavis = models.DurationField(
        "préavis", default=timedelta(hours=2), help_text="Au plus tard avant le début."
    )
    duree_max = models.DurationField("durée la plus longue", default=timedelta(hours=4))
    horizon = models.PositiveSmallIntegerField(
        "réservable combien de jours à l’avance", default=92, validators=[MinValueValidator(1)]
    )
    rappel = models.DurationField(
        "rappel",
        default=timedelta(hours=48),
        db_default=timedelta(hours=48),
        help_text="Avant le début, à qui a réservé. 0 : aucun.",
    )
    tarif = models.CharField("prix", max_length=120, default="Gratuit")

    recherche = search_words(nom="A", equipements="B")

    objects = OfMaisonQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["recherche"])

    class Meta:
        verbose_name = "salle"
        ordering = ["-capacite", "nom"]
        constraints = [
            models.UniqueConstraint(name="salle_nom_unique", fields=["maison", "nom"]),
            models.UniqueConstraint(name="salle_slug_unique", fields=["maison", "slug"]),
            models.CheckConstraint(
                name="salle_pas_partie_d_elle_meme",
                condition=Q(partie_de=None) | ~Q(partie_de=F("id")),
                violation_error_message="Une salle n’est pas une partie d’elle-même.",
            ),
            models.CheckConstraint(
                name="salle_partagee_entiere",
                condition=Q(partagee=False) | Q(partie_de=None, battement=timedelta()),
                violation_error_message="Un espace partagé n’a ni parties ni temps de rangement.",
            ),
            models.CheckConstraint(
                name="salle_durees",
                condition=Q(battement__range=(timedelta(), timedelta(days=1)))
                & Q(preavis__gte=timedelta(), duree_max__gt=timedelta()),
                violation_error_message="Durées positives ; le rangement, d’un jour au plus.",
            ),
            models.CheckConstraint(
                name="salle_rappel",
                condition=Q(rappel__range=(timedelta(), timedelta(days=14))),
                violation_error_message="Un rappel part au plus 14 jours (336 heures) avant.",
            ),
        ]
        indexes = [
            GinIndex(fields=["recherche"], name="salle_recherche"),
            GinIndex(spelling("nom"), name="salle_orthographe"),
        ]

    def __str__(self):
        return self.nom

    def get_absolute_url(self):
        return reverse("maisons:salle", args=[self.maison.slug, self.slug])

    @cached_property
    def words(self):
        """{key: word} of its equipment; the keys know neither accents nor case."""
        words = [word.strip() for word in self.equipements.split(",")]
        return {slugify(word): word for word in words if slugify(word)}

    @property
    def latest(self):
        """The last day that residents may ask for; one more every day."""
        return timezone.localdate() + timedelta(days=self.horizon)

    @property
    def step_free(self):
        """Known to be reached without a step, from the street on."""
        return bool(self.plain_pied) and self.maison.plain_pied is not False

    def clean(self):
        whole = self.partie_de
        if whole and whole.maison_id != self.maison_id:
            raise ValidationError(
                {"partie_de": "Une salle et ses parties sont dans la même maison."}
            )
        if whole and (whole.partie_de_id or whole.partagee or (self.pk and self.parties.exists())):
            raise ValidationError({"partie_de": "Une partie n’a pas elle-même de parties."})
        if self.partagee and self.pk and self.parties.exists():
            raise ValidationError({"partagee": "Une salle qui a des parties n’est pas partagée."})
