from collections import defaultdict
from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Deferrable, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from simple_history.models import HistoricalRecords

from comptes.models import Mandat, MandatQuerySet
from maisons import heures
from maisons.models import Creneau, Theme
from maisons.models.creneau import CreneauQuerySet
from quartiers.models import BY_NAME, Quartier, search_words

ONLINE = "En ligne"  # where a meeting is that is held nowhere else
PUBLISHED = "ordre du jour publié"


class Reglement(models.Model):
    """What a council decided for itself (CGCT L2143-1 leaves it to the city): never constants."""

    convocation = models.PositiveSmallIntegerField(
        "délai de l’ordre du jour, en jours",
        null=True,
        blank=True,
        help_text="Combien de jours avant la réunion il doit être publié. Vide : pas de délai.",
    )
    quorum = models.PositiveSmallIntegerField(
        "quorum, en membres", null=True, blank=True, help_text="Vide : pas de quorum."
    )
    colleges = ArrayField(
        models.CharField(max_length=60),
        verbose_name="collèges",
        default=list,
        blank=True,
        help_text="Séparés par des virgules, comme « habitants, associations ».",
    )

    class Meta:
        abstract = True

    @property
    def rules(self):
        """In sentences, those that the council has."""
        told = []
        if self.convocation:
            days = f"{self.convocation} jour{'s' * (self.convocation > 1)}"
            told.append(f"L’ordre du jour paraît au moins {days} avant la réunion.")
        if self.quorum:
            told.append(f"Le conseil donne un avis quand {self.quorum} membres sont là.")
        return told


class ConseilQuerySet(models.QuerySet):
    def managed_by(self, user):
        """As staff: the councils of a Secretariat in force today; a superuser, all."""
        if user.is_superuser:
            return self
        mine = Secretariat.objects.in_force().filter(compte=user)
        return self.filter(pk__in=mine.values("conseil"))

    def owned_by(self, user):
        """Nobody owns a council as a person."""
        return self.none()


class Conseil(Reglement):
    """A conseil de quartier: consultative, of one quartier."""

    nom = models.CharField(max_length=90, unique=True)
    slug = models.SlugField("adresse de la page", max_length=100, unique=True)
    quartier = models.ForeignKey(Quartier, models.PROTECT, related_name="conseils")
    presentation = models.TextField("présentation", blank=True)

    objects = ConseilQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "conseil"
        ordering = [BY_NAME]
        constraints = [
            models.CheckConstraint(
                name="conseil_quorum_positif",
                condition=Q(quorum=None) | Q(quorum__gt=0),
                violation_error_message="Un quorum est d’au moins un membre.",
            )
        ]

    def __str__(self):
        return self.nom

    def get_absolute_url(self):
        return reverse("conseils:conseil", args=[self.slug])

    def members(self, on):
        """[(college, its members in office on a day)], in the council's own order."""
        groups = defaultdict(list)
        for member in self.conseillers.in_office(on):
            groups[member.college].append(member)
        named = [(name, groups.pop(name)) for name in self.colleges if name in groups]
        return named + sorted(groups.items())


class OfConseilQuerySet(models.QuerySet):
    def managed_by(self, user):
        return self.filter(conseil__in=Conseil.objects.managed_by(user))

    def owned_by(self, user):
        return self.none()


class ConseillerQuerySet(OfConseilQuerySet):
    def in_office(self, on):
        return self.filter(Q(fin=None) | Q(fin__gte=on), debut__lte=on)


class Conseiller(models.Model):
    """Somebody's public capacity in a council, and until when: no way to reach them."""

    conseil = models.ForeignKey(Conseil, models.CASCADE, related_name="conseillers")
    nom = models.CharField(max_length=100)
    qualite = models.CharField(
        "qualité", max_length=100, blank=True, help_text="Par exemple : présidente, adjoint."
    )
    college = models.CharField("collège", max_length=60, blank=True)
    debut = models.DateField("depuis le", default=timezone.localdate)
    fin = models.DateField("jusqu’au", null=True, blank=True, help_text="Dernier jour compris.")

    objects = ConseillerQuerySet.as_manager()

    class Meta:
        verbose_name = "membre"
        ordering = [BY_NAME]
        constraints = [
            models.CheckConstraint(
                name="conseiller_fin_apres_debut",
                condition=Q(fin=None) | Q(fin__gte=F("debut")),
                violation_error_message="Le dernier jour doit suivre le premier.",
            )
        ]

    def __str__(self):
        return f"{self.nom}, {self.qualite}" if self.qualite else self.nom

    def clean(self):
        if self.college and self.college not in self.conseil.colleges:
            known = ", ".join(self.conseil.colleges) or "aucun"
            raise ValidationError({"college": f"Les collèges de ce conseil : {known}."})


class SecretariatQuerySet(OfConseilQuerySet, MandatQuerySet):
    pass


class Secretariat(Mandat):
    """Who prepares the meetings of a council and publishes their agendas."""

    class Role(models.TextChoices):
        SECRETAIRE = "secretaire", "secrétaire"

    role = models.CharField(
        "rôle", max_length=20, choices=Role, default=Role.SECRETAIRE, editable=False
    )
    conseil = models.ForeignKey(Conseil, models.CASCADE, related_name="secretariats")

    objects = SecretariatQuerySet.as_manager()

    class Meta(Mandat.Meta):
        verbose_name = "secrétariat"


class ReunionQuerySet(OfConseilQuerySet, CreneauQuerySet):
    def upcoming(self, now):
        return self.filter(fin__gt=now).order_by("debut", "pk")

    def past(self, now):
        return self.filter(fin__lte=now).order_by("-debut", "-pk")


class Reunion(Creneau):
    """A meeting of a council; the public sees it once its agenda is published, then frozen."""

    class Mode(models.TextChoices):
        SUR_PLACE = "sur_place", "sur place"
        EN_LIGNE = "en_ligne", "en ligne"
        MIXTE = "mixte", "sur place et en ligne"

    NATURE = "reunion"
    AGAIN = [*Creneau.AGAIN, "conseil", "mode", "lien_visio"]

    creneau = models.OneToOneField(Creneau, models.CASCADE, parent_link=True)
    conseil = models.ForeignKey(Conseil, models.PROTECT, related_name="reunions")
    numero = models.PositiveIntegerField("numéro", editable=False)
    mode = models.CharField("comment", max_length=10, choices=Mode, default=Mode.SUR_PLACE)
    lien_visio = models.URLField("lien pour se connecter", blank=True)

    objects = ReunionQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["recherche", "modifie_le"])

    class Meta:
        verbose_name = "réunion"
        constraints = [
            models.UniqueConstraint(
                name="reunion_numero_unique",
                fields=["conseil", "numero"],
                violation_error_message="Ce conseil a déjà une réunion de ce numéro.",
            ),
            models.CheckConstraint(
                name="reunion_lien_en_ligne",
                condition=Q(lien_visio="") | ~Q(mode="sur_place"),
                violation_error_message="Une réunion sur place n’a pas de lien.",
            ),
            models.CheckConstraint(
                name="reunion_lien_https",
                condition=Q(lien_visio="") | Q(lien_visio__startswith="https://"),
                violation_error_message="Le lien commence par https://.",
            ),
        ]

    def get_absolute_url(self):
        return reverse("conseils:reunion", args=[self.conseil.slug, self.numero])

    def clean_fields(self, exclude=None):
        """Nobody types its title: it follows from its number."""
        if self.conseil_id:
            self.titre = f"{self.conseil}, réunion n° {self.numero}"
        super().clean_fields(exclude)

    def clean(self):
        self.theme, self.gratuit = Theme.CITOYENNETE, True
        if self.mode == self.Mode.EN_LIGNE and self.conseil_id:
            self.portee, self.maison, self.salle = self.Portee.HORS_LES_MURS, None, None
            self.adresse_libre, self.quartier_id = ONLINE, self.conseil.quartier_id
        self.plain_pied = self.salle.plain_pied if self.salle else None
        super().clean()

    @property
    def short_name(self):
        return f"Réunion n° {self.numero}"

    @property
    def online(self):
        return self.mode != self.Mode.SUR_PLACE

    @property
    def on_site(self):
        return self.mode != self.Mode.EN_LIGNE

    @property
    def deadline(self):
        """When its agenda must be public, by the council's own rule; None without one."""
        if self.conseil.convocation is None:
            return None
        local = timezone.localtime(self.debut)
        day = local.date() - timedelta(days=self.conseil.convocation)
        return timezone.make_aware(datetime.combine(day, local.time().replace(tzinfo=None)))

    @property
    def late(self):
        """Whether the agenda came, or will come, after the deadline."""
        return bool(self.deadline and self.deadline < (self.publie_le or timezone.now()))

    @property
    def deadline_in_words(self):
        """For staff, while it is a draft: « à publier avant mardi 3 mars, 18 h (dans 2 jours) »."""
        if self.deadline is None:
            return "sans délai de publication"
        when = f"{heures.day(self.deadline)}, {heures.hour(self.deadline)}"
        if self.late:
            return f"délai dépassé : à publier avant le {when}"
        return f"à publier avant le {when} (dans {heures.left(self.deadline)})"

    def mark_published(self):
        """For `seances` alone, under its lock: the items keep their numbers from now on."""
        points = list(self.points.all())
        if self.publie_le:
            raise ValidationError("Cet ordre du jour est déjà publié.")
        if not points:
            raise ValidationError("Ajoutez au moins un point avant de publier.")
        if self.online and not self.lien_visio:
            raise ValidationError("Donnez le lien pour se connecter avant de publier.")
        for number, point in enumerate(points, 1):
            point.numero = number
            point.save()
        self.publie_le, self.mention = timezone.now(), PUBLISHED
        self.resume = Truncator(" · ".join(point.titre for point in points)).chars(200)
        self.save()


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
