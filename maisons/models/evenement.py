from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from maisons.models.creneau import Creneau, CreneauQuerySet, Public, Theme
from maisons.models.maison import Maison, OfMaisonQuerySet
from quartiers.models import search_words, spelling


class EvenementQuerySet(OfMaisonQuerySet):
    def public(self):
        return self.exclude(publie_le=None)

    def due(self, now):
        """Drafts whose planned publication has come."""
        return self.filter(publie_le=None, publier_le__lte=now)


class Evenement(models.Model):
    """Something that happens once or on several dates; its dates are occurrences."""

    # What each date repeats, so that the agenda reads one table.
    REPEATED = [
        *["titre", "resume", "theme", "public", "age_min", "age_max"],
        *["gratuit", "tarif", "plain_pied", "publie_le"],
    ]

    titre = models.CharField(max_length=120)
    slug = models.SlugField("adresse de la page", max_length=140, unique=True)
    maison = models.ForeignKey(
        Maison,
        models.PROTECT,
        verbose_name="maison qui organise",
        null=True,
        blank=True,
        related_name="evenements",
    )
    organisateur = models.CharField(
        max_length=120, blank=True, help_text="Quand ce n’est pas la maison elle-même."
    )
    resume = models.CharField(
        "en une phrase",
        max_length=200,
        blank=True,
        help_text="Lu dans l’agenda et sur les affiches.",
    )
    description = models.TextField(
        blank=True,
        help_text="Laissez une ligne vide entre deux paragraphes. « - » devant une ligne en fait "
        "une liste, **deux étoiles** mettent en gras.",
    )
    theme = models.CharField("thème", max_length=20, choices=Theme, blank=True)
    public = ArrayField(
        models.CharField(max_length=20, choices=Public),
        verbose_name="pour qui",
        default=list,
        blank=True,
    )
    age_min = models.PositiveSmallIntegerField("à partir de (âge)", null=True, blank=True)
    age_max = models.PositiveSmallIntegerField("jusqu’à (âge)", null=True, blank=True)
    gratuit = models.BooleanField(null=True, blank=True)
    tarif = models.CharField("prix", max_length=120, blank=True)
    plain_pied = models.BooleanField("accès de plain-pied", null=True, blank=True)
    contact = models.CharField(
        max_length=200,
        blank=True,
        help_text="Un téléphone ou une adresse e-mail que le public lira.",
    )
    lien = models.URLField("pour en savoir plus", blank=True)
    publier_le = models.DateTimeField(
        "publier à partir du", null=True, blank=True, help_text="Vide : vous publierez vous-même."
    )
    publie_le = models.DateTimeField("publié le", null=True, blank=True, editable=False)
    reference = models.CharField(
        "référence d’origine", max_length=100, unique=True, null=True, blank=True, editable=False
    )

    recherche = search_words(titre="A", resume="B", organisateur="C", theme="C", description="D")

    objects = EvenementQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["recherche"])

    class Meta:
        verbose_name = "événement"
        constraints = [
            models.CheckConstraint(
                name="evenement_ages",
                condition=Q(age_min=None) | Q(age_max=None) | Q(age_max__gte=F("age_min")),
                violation_error_message="L’âge le plus haut doit suivre le plus bas.",
            )
        ]
        indexes = [
            GinIndex(
                fields=["recherche"],
                name="evenement_recherche",
                condition=Q(publie_le__isnull=False),
            ),
            GinIndex(
                spelling("titre"),
                name="evenement_orthographe",
                condition=Q(publie_le__isnull=False),
            ),
        ]

    def __str__(self):
        return self.titre

    def get_absolute_url(self):
        return reverse("maisons:evenement", args=[self.slug])

    def clean(self):
        if self.gratuit and self.tarif:
            raise ValidationError({"tarif": "Un événement gratuit n’a pas de prix."})

    @property
    def link(self):
        """An address of the web; another kind, whoever wrote it, leads nowhere."""
        return self.lien if self.lien.startswith(("https://", "http://")) else ""

    @property
    def facts(self):
        """What decides at a glance: price, audience, ages, how one enters."""
        names = dict(Public.choices)
        ages = f"dès {self.age_min} ans" if self.age_min else ""
        if self.age_max:
            ages = f"de {self.age_min or 0} à {self.age_max} ans"
        price = "Gratuit" if self.gratuit else self.tarif
        step_free = "de plain-pied" if self.plain_pied else ""
        everybody = len(self.public) == len(names)
        audience = "tout public" if everybody else ", ".join(names[key] for key in self.public)
        return " · ".join(filter(None, [price, audience, ages, step_free]))

    def repeated(self):
        """The columns that each date of this event carries too."""
        return {name: getattr(self, name) for name in self.REPEATED}

    def mark_published(self):
        """For planning alone, which tells the dates in the same transaction."""
        if self.publie_le:
            raise ValidationError("Cet événement est déjà publié.")
        if not self.occurrences.exists():
            raise ValidationError("Ajoutez au moins une date avant de publier.")
        self.publie_le = timezone.now()
        self.save()


class OccurrenceQuerySet(CreneauQuerySet):
    def managed_by(self, user, verb="view"):
        return self.filter(evenement__in=Evenement.objects.managed_by(user, verb))

    def owned_by(self, user):
        """Nobody owns the date of an event as a person."""
        return self.none()


class Occurrence(Creneau):
    """One date of an event."""

    NATURE = "evenement"
    AGAIN = [*Creneau.AGAIN, "evenement"]
    DRAFT_GOES = True

    creneau = models.OneToOneField(Creneau, models.CASCADE, parent_link=True)
    evenement = models.ForeignKey(
        Evenement, models.CASCADE, verbose_name="événement", related_name="occurrences"
    )

    objects = OccurrenceQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["recherche", "modifie_le"])

    class Meta:
        verbose_name = "date"

    def clean(self):
        for name, value in self.evenement.repeated().items():
            setattr(self, name, value)
        super().clean()
