from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from maisons.models import Theme
from permanences.langues import Langue
from quartiers.models import BY_NAME, Fonction, search_words, spelling

EARLIEST, MOST_REMINDERS = list(range(1, 169)), 3  # hours before


def usual_reminders():
    return [48, 2]


class Besoin(models.TextChoices):
    """« J’ai besoin d’aide pour… », in the words of who comes."""

    COURRIER = "courrier", "Une lettre que je ne comprends pas"
    DROITS = "droits", "Mes droits, mes papiers"
    LOGEMENT = "logement", "Mon logement"
    SANTE = "sante", "Ma santé"
    NUMERIQUE = "numerique", "Un ordinateur, un téléphone"
    CONFLIT = "conflit", "Un conflit avec un voisin"
    ELU = "elu", "Voir mon élu"


def languages(**options):
    return ArrayField(models.CharField(max_length=3, choices=Langue), blank=True, **options)


def needs(**options):
    return ArrayField(
        models.CharField(max_length=12, choices=Besoin),
        verbose_name="besoins",
        default=list,
        **options,
    )


class PubliableQuerySet(models.QuerySet):
    def public(self):
        return self.exclude(publie_le=None)


class ServiceQuerySet(PubliableQuerySet):
    pass


class Service(models.Model):
    """A kind of help, whoever gives it and wherever: its permanences say where and when."""

    nom = models.CharField(max_length=90, unique=True)
    slug = models.SlugField("adresse de la page", max_length=100, unique=True)
    besoins = needs()
    theme = models.CharField("thème", max_length=20, choices=Theme, default=Theme.DROITS)
    organisme = models.CharField(
        max_length=120, blank=True, help_text="Qui aide : la ville, une association, la CAF…"
    )
    chapeau = models.CharField("en une phrase", max_length=200)
    presentation = models.TextField("présentation", blank=True)
    resume_facile = models.TextField("l’essentiel, facile à lire", blank=True)
    a_apporter = models.TextField("à apporter", blank=True, help_text="Une chose par ligne.")
    langues = languages(default=list, verbose_name="langues parlées")
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    gratuit = models.BooleanField(default=True)
    duree = models.PositiveSmallIntegerField("durée d’un rendez-vous, en minutes", default=30)
    rappels = ArrayField(
        models.IntegerField(),
        verbose_name="rappels, en heures avant le rendez-vous",
        default=usual_reminders,
        blank=True,
        help_text="Séparés par des virgules, comme « 48, 2 ». Vide : aucun rappel.",
    )
    rendez_vous_max = models.PositiveSmallIntegerField(
        "rendez-vous à venir par personne", default=2, help_text="0 : sans limite."
    )
    conservation = models.PositiveSmallIntegerField(
        "jours avant d’effacer qui est venu", default=90
    )
    publie_le = models.DateTimeField("publié le", null=True, blank=True, editable=False)
    recherche = search_words(nom="A", chapeau="B", organisme="C", presentation="D", a_apporter="D")

    objects = ServiceQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["recherche"])

    class Meta:
        verbose_name = "service"
        ordering = [BY_NAME]
        constraints = [
            models.CheckConstraint(
                name="service_duree",
                condition=Q(duree__range=(5, 240)),
                violation_error_message="Un rendez-vous dure de 5 minutes à 4 heures.",
            ),
            models.CheckConstraint(
                name="service_rappels",
                condition=Q(rappels__contained_by=EARLIEST, rappels__len__lte=MOST_REMINDERS),
                violation_error_message="Trois rappels au plus, de 1 à 168 heures avant.",
            ),
            models.CheckConstraint(
                name="service_conservation",
                condition=Q(conservation__range=(1, 365)),
                violation_error_message="De 1 à 365 jours.",
            ),
        ]
        indexes = [
            GinIndex(fields=["recherche"], name="service_recherche"),
            GinIndex(spelling("nom"), name="service_orthographe"),
        ]

    def __str__(self):
        return self.nom

    def get_absolute_url(self):
        return reverse("permanences:service", args=[self.slug])

    @property
    def things_to_bring(self):
        return [line.strip() for line in self.a_apporter.splitlines() if line.strip()]


class Motif(models.Model):
    """A reason to come, from the list of a service: never free text."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="motifs")
    libelle = models.CharField("libellé", max_length=80)
    rang = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "motif"
        ordering = ["rang", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="motif_unique",
                fields=["service", "libelle"],
                violation_error_message="Ce motif est déjà dans la liste.",
            )
        ]

    def __str__(self):
        return self.libelle


class Fiche(models.Model):
    """A short plain guide, with its source and when somebody last checked it."""

    titre = models.CharField(max_length=120, unique=True)
    slug = models.SlugField("adresse de la page", max_length=140, unique=True)
    besoins = needs(blank=True)
    services = models.ManyToManyField(Service, blank=True, related_name="fiches")
    resume_facile = models.TextField("l’essentiel, facile à lire", blank=True)
    texte = models.TextField()
    source = models.CharField(max_length=120, help_text="Qui le dit : service-public.fr, la CAF…")
    lien = models.URLField("adresse de la source", blank=True)
    verifiee_le = models.DateField("vérifiée le")
    publie_le = models.DateTimeField("publiée le", null=True, blank=True, editable=False)
    recherche = search_words(titre="A", resume_facile="B", texte="D")

    objects = PubliableQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["recherche"])

    class Meta:
        verbose_name = "fiche"
        ordering = ["titre"]
        indexes = [
            GinIndex(fields=["recherche"], name="fiche_recherche"),
            GinIndex(spelling("titre"), name="fiche_orthographe"),
        ]

    def __str__(self):
        return self.titre

    def get_absolute_url(self):
        return reverse("permanences:fiche", args=[self.slug])

    @property
    def link(self):
        """An address of the web; another kind, whoever wrote it, leads nowhere."""
        return self.lien if self.lien.startswith(("https://", "http://")) else ""

    def mark_published(self, by=None):
        if self.publie_le:
            raise ValidationError("Cette fiche est déjà publiée.")
        self.publie_le, self._history_user = timezone.now(), by
        self.save()


class Mediateur(Fonction):
    """Somebody whom people may meet, in a public capacity: a social mediator, a counsellor…"""

    slug = models.SlugField("adresse de la page", max_length=120, unique=True)
    qualite = models.CharField("qualité", max_length=100, help_text="Médiatrice sociale…")
    langues = languages(default=list, verbose_name="langues parlées")
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    presentation = models.TextField("présentation", blank=True)

    class Meta(Fonction.Meta):
        verbose_name = "médiateur"

    @property
    def capacity(self):
        return self.qualite

    def get_absolute_url(self):
        return reverse("permanences:mediateur", args=[self.slug])
