from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from simple_history.models import HistoricalRecords

from conseils import facile
from conseils.models.conseil import Conseil, OfConseilQuerySet
from maisons import heures
from maisons.models import Creneau, Theme
from maisons.models.creneau import CreneauQuerySet

ONLINE = "En ligne"  # where a meeting is that is held nowhere else
PUBLISHED = "ordre du jour publié"
NO_LINK = "Donnez le lien pour se connecter avant de publier."
TWICE = "Ce conseil a déjà une réunion à ces heures ({}) : ouvrez-la dans la liste des réunions."


class ReunionQuerySet(OfConseilQuerySet, CreneauQuerySet):
    def upcoming(self, now):
        """From the hour when they end; none lasts a day, and an index knows when they begin."""
        begun = Q(nature=Reunion.NATURE, debut__gt=now - timedelta(days=1))
        return self.filter(begun, fin__gt=now).order_by("debut", "pk")

    def due(self, now):
        """Drafts whose planned publication has come."""
        return self.filter(publie_le=None, annule_le=None, publier_le__lte=now)

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
    resume_facile = models.TextField(
        "l’essentiel, facile à lire",
        blank=True,
        validators=[facile.few_lines],
        help_text=facile.HELP,
    )
    publier_le = models.DateTimeField("publier le", null=True, blank=True, editable=False)
    # Frozen when it is published: the rule of its council may change later.
    echeance = models.DateTimeField("à publier avant le", null=True, blank=True, editable=False)
    # Whose minutes it asked to approve, by itself: what its secretary took away stays away.
    precedente = models.ForeignKey(
        "self",
        models.SET_NULL,
        verbose_name="réunion d’avant",
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    # Of one that was called off: what the public reads, and whether a new date is to come.
    explication = models.CharField("pourquoi", max_length=200, blank=True, editable=False)
    reportee = models.BooleanField("reportée sans date", default=False, editable=False)
    # When it became public, by the clock of the database, which alone writes it (conseils.gel).
    figee_le = models.DateTimeField("figée le", null=True, blank=True, editable=False)

    objects = ReunionQuerySet.as_manager()
    history = HistoricalRecords(
        excluded_fields=["recherche", "modifie_le", "precedente", "figee_le"]
    )

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

    def entitle(self):
        """It follows from its number."""
        if self.conseil_id:
            self.titre = f"{self.conseil}, réunion n° {self.numero}"

    def clean(self):
        self.theme, self.gratuit = Theme.CITOYENNETE, True
        if self.mode == self.Mode.EN_LIGNE and self.conseil_id:
            self.portee, self.maison, self.salle = self.Portee.HORS_LES_MURS, None, None
            self.adresse_libre, self.quartier_id = ONLINE, self.conseil.quartier_id
        self.plain_pied = self.salle.plain_pied if self.salle else None
        super().clean()
        if self.publier_le and self.publie_le is None and self.publier_le >= self.debut:
            raise ValidationError(f"{self.planned_in_words.capitalize()} : après le début.")
        if self.conseil_id and self.debut and self.fin and (other := self.at_once()):
            raise ValidationError(TWICE.format(f"n° {other.numero}"))

    def at_once(self):
        """Another of its council that is held meanwhile, or None: a button was pressed twice."""
        others = Reunion.objects.holding().filter(conseil=self.conseil_id).exclude(pk=self.pk)
        return others.filter(debut__lt=self.fin, fin__gt=self.debut).first()

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
    def correctable(self):
        """Whether what the public reads may still change, by a correction."""
        return bool(self.publie_le and not self.annule_le and self.fin > timezone.now())

    @property
    def begun(self):
        """Whether there is something to tell of it: who came, what was said."""
        return bool(self.publie_le and not self.annule_le and self.debut <= timezone.now())

    @property
    def called_off(self):
        """In a word, when it will not be held that day."""
        if not self.annule_le:
            return ""
        return "Reportée" if self.reportee else "Annulée"

    @property
    def deadline(self):
        """When its agenda must be public, or had to be; None without a rule of its council."""
        if self.publie_le:
            return self.echeance
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
        if self.late:
            return f"délai dépassé : à publier avant le {heures.moment(self.deadline)}"
        until = heures.left(self.deadline)
        return f"à publier avant le {heures.moment(self.deadline)} (dans {until})"

    @property
    def planned_in_words(self):
        """« publication prévue le mardi 3 mars, 8 h », or nothing."""
        return f"publication prévue le {heures.moment(self.publier_le)}" if self.publier_le else ""

    @property
    def draft_in_words(self):
        """What is planned, then what is due."""
        return " ; ".join(filter(None, [self.planned_in_words, self.deadline_in_words]))

    def check_ready(self):
        """Raises ValidationError with what is missing for the public."""
        if self.publie_le:
            raise ValidationError("Cet ordre du jour est déjà publié.")
        if not self.points.exists():
            raise ValidationError("Ajoutez au moins un point avant de publier.")
        if self.online and not self.lien_visio:
            raise ValidationError(NO_LINK)

    def mark_planned(self, at):
        """For `publication` alone, under its lock: to be published then; None takes it back."""
        if self.publie_le:
            raise ValidationError("Cet ordre du jour est déjà publié.")
        if at:
            self.check_ready()
            if at <= timezone.now():
                raise ValidationError("Choisissez un moment à venir.")
            if at >= self.debut:
                raise ValidationError("Choisissez un moment avant le début de la réunion.")
        self.publier_le = at
        self.save()

    def mark_published(self):
        """For `seances` alone, under its lock: the items keep their numbers from now on."""
        self.check_ready()
        points = list(self.points.all())
        for number, point in enumerate(points, 1):
            point.numero = number
            point.save()
        self.echeance, self.publier_le = self.deadline, None
        self.publie_le, self.mention = timezone.now(), PUBLISHED
        self.resume = summary(points)
        self.save()

    def mark_called_off(self, motif, explication, postponed):
        """For `rectifier` alone, under its lock."""
        self.explication, self.reportee = explication, postponed
        self.mention = "reportée, nouvelle date à venir" if postponed else "réunion annulée"
        self.mark_cancelled(motif)


def summary(points, before=""):
    """What calendars and feeds tell of an agenda: its items, as many as fit."""
    return Truncator(before + " · ".join(point.titre for point in points)).chars(200)
