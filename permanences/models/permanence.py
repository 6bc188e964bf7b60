from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from comptes.models import Mandat, MandatQuerySet
from comptes.roles import allowing
from maisons.models import Maison, Salle
from permanences.models.service import Mediateur, PubliableQuerySet, Service, languages
from quartiers.models import Elu


class PermanenceQuerySet(PubliableQuerySet):
    def readable(self):
        """Those whose page opens: public, as their service is."""
        return self.public().exclude(service__publie_le=None)

    def held_by(self, user, verb="view", model=None):
        """Those of an Intervenant in force today: who may know who comes, and why."""
        roles = allowing(verb, model or self.model)
        mine = Intervenant.objects.in_force().filter(compte=user, role__in=roles)
        return self.filter(pk__in=mine.values("permanence"))

    def managed_by(self, user, verb="view", model=None):
        """As staff: those that one holds, those of the houses where one works; a superuser, all."""
        if user.is_superuser:
            return self
        model = model or self.model
        held = Q(pk__in=self.model.objects.held_by(user, verb, model).values("pk"))
        return self.filter(held | Q(maison__in=Maison.objects.managed_by(user, verb, model)))

    def owned_by(self, user):
        """Nobody owns a permanence as a person."""
        return self.none()


class Permanence(models.Model):
    """A service that comes to a house again and again; its dates are vacations."""

    class Mode(models.TextChoices):
        SANS_RDV = "sans_rdv", "sans rendez-vous"
        RDV = "rdv", "sur rendez-vous"
        MIXTE = "mixte", "avec ou sans rendez-vous"

    service = models.ForeignKey(Service, models.PROTECT, related_name="permanences")
    slug = models.SlugField("adresse de la page", max_length=150, unique=True)
    maison = models.ForeignKey(Maison, models.PROTECT, related_name="permanences")
    salle = models.ForeignKey(
        Salle,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Vide : dans la maison, sans salle réservée.",
    )
    mode = models.CharField("comment venir", max_length=10, choices=Mode, default=Mode.SANS_RDV)
    guichets = models.PositiveSmallIntegerField(
        "personnes reçues en même temps sur rendez-vous", default=1
    )
    duree = models.PositiveSmallIntegerField(
        "durée d’un rendez-vous, en minutes",
        null=True,
        blank=True,
        help_text="Vide : celle du service.",
    )
    preavis = models.DurationField("au plus tard", default=timedelta(hours=2))
    horizon = models.PositiveSmallIntegerField("au plus tôt, en jours", default=42)
    langues = languages(default=list, verbose_name="langues parlées en plus")
    mediateur = models.ForeignKey(
        Mediateur,
        models.PROTECT,
        verbose_name="médiateur",
        null=True,
        blank=True,
        related_name="permanences",
    )
    elu = models.ForeignKey(
        Elu, models.PROTECT, verbose_name="élu", null=True, blank=True, related_name="permanences"
    )
    avis = models.CharField(
        "à savoir", max_length=200, blank=True, help_text="Par exemple : bureau au 1er étage."
    )
    publie_le = models.DateTimeField("publiée le", null=True, blank=True, editable=False)

    objects = PermanenceQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "permanence"
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                name="permanence_guichets",
                condition=Q(guichets__range=(1, 20)),
                violation_error_message="De 1 à 20 personnes en même temps.",
            ),
            models.CheckConstraint(
                name="permanence_duree",
                condition=Q(duree=None) | Q(duree__range=(5, 240)),
                violation_error_message="Un rendez-vous dure de 5 minutes à 4 heures.",
            ),
            models.CheckConstraint(
                name="permanence_adresse_libre",
                condition=~Q(slug__in=["services", "fiches", "mediateurs"]),
                violation_error_message="Cette adresse est celle d’une autre page.",
            ),
            models.CheckConstraint(
                name="permanence_une_personne",
                condition=Q(mediateur=None) | Q(elu=None),
                violation_error_message="Un médiateur ou un élu, pas les deux.",
            ),
        ]

    def __str__(self):
        return f"{self.service}, {self.maison}"

    def get_absolute_url(self):
        return reverse("permanences:permanence", args=[self.slug])

    def clean(self):
        if self.salle and self.salle.maison_id != self.maison_id:
            raise ValidationError({"salle": "Cette salle n’est pas dans cette maison."})

    @property
    def drop_in(self):
        return self.mode != self.Mode.RDV

    @property
    def by_appointment(self):
        return self.mode != self.Mode.SANS_RDV

    @property
    def desks(self):
        """Of a new date: none where nobody comes by appointment."""
        return self.guichets if self.by_appointment else 0

    def repeated(self):
        """The columns that each of its dates carries too."""
        service = self.service
        return {
            "titre": service.nom,
            "resume": service.chapeau,
            "theme": service.theme,
            "gratuit": service.gratuit or None,
        }

    @property
    def length(self):
        """Of an appointment."""
        return timedelta(minutes=self.duree or self.service.duree)

    @property
    def spoken(self):
        """Codes of the languages spoken beside French: of its service, its own, of its mediator."""
        of_person = self.mediateur.langues if self.mediateur else []
        return {*self.service.langues, *self.langues, *of_person}

    @property
    def person(self):
        """Who is met, in a public capacity, when it is always the same."""
        return self.mediateur or self.elu


class OfPermanenceQuerySet(models.QuerySet):
    def managed_by(self, user, verb="view"):
        rows = Permanence.objects.managed_by(user, verb, self.model)
        return self.filter(permanence__in=rows)

    def owned_by(self, user):
        return self.none()


class Pause(models.Model):
    """Local hours during which a permanence gives no appointment."""

    permanence = models.ForeignKey(Permanence, models.CASCADE, related_name="pauses")
    debut = models.TimeField("de")
    fin = models.TimeField("à")

    objects = OfPermanenceQuerySet.as_manager()

    class Meta:
        verbose_name = "pause"
        ordering = ["debut"]
        constraints = [
            models.CheckConstraint(
                name="pause_fin_apres_debut",
                condition=Q(fin__gt=F("debut")),
                violation_error_message="La fin doit être après le début.",
            )
        ]

    def __str__(self):
        return f"{self.debut:%H:%M}–{self.fin:%H:%M}"


class IntervenantQuerySet(OfPermanenceQuerySet, MandatQuerySet):
    pass


class Intervenant(Mandat):
    """Who holds a permanence: the only one to know who comes, and why."""

    class Role(models.TextChoices):
        INTERVENANT = "intervenant", "intervenant"

    role = models.CharField(
        "rôle", max_length=20, choices=Role, default=Role.INTERVENANT, editable=False
    )
    permanence = models.ForeignKey(Permanence, models.CASCADE, related_name="intervenants")

    objects = IntervenantQuerySet.as_manager()

    class Meta(Mandat.Meta):
        verbose_name = "intervenant"
