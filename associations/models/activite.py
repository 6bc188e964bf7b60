from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from associations.models.association import Association
from maisons.models import Creneau, Maison, Public, Salle, Theme
from maisons.models.creneau import CreneauQuerySet
from quartiers.models import SansAccents, search_words, spelling

VERROUILLE = "Des personnes sont inscrites : cela ne change plus."


MAJORITY = 18
# Which question each constraint is about.
BESIDE = {"activite_ages": "age_max", "activite_saison": "dernier", "activite_prix": "tarif"}
BESIDE |= {"activite_places": "places", "activite_minimum": "minimum"}


class Question(models.TextChoices):
    """All that a registration may ask beside a name: yes or no, never about health."""

    REPART_SEUL = "repart_seul", "L’enfant peut repartir seul."
    TRAJET = "trajet", "L’enfant peut aller à pied avec le groupe."
    PHOTO = "photo", "La personne inscrite peut être sur les photos du groupe."
    SAIT_NAGER = "sait_nager", "La personne inscrite sait nager."
    PREMIERE_FOIS = "premiere_fois", "C’est la première fois que la personne vient."
    BENEVOLE = "benevole", "Je peux aider de temps en temps."


class ActiviteQuerySet(models.QuerySet):
    def public(self):
        """Those whose page opens: published, of an association of the directory."""
        return self.exclude(publie_le=None).filter(association__visible=True)

    def going_on(self, day):
        """Those whose season is not over."""
        return self.filter(dernier__gte=day)

    def managed_by(self, user, verb="view"):
        """As staff: those of one's associations; a city administrator, all."""
        return self.filter(association__in=Association.objects.managed_by(user, verb, self.model))

    def owned_by(self, user):
        """Nobody owns an activity as a person."""
        return self.none()


class Activite(models.Model):
    """What an association does again and again in a house for a season; its dates are sessions."""

    class Inscription(models.TextChoices):
        SAISON = "saison", "pour toute la saison"
        SEANCE = "seance", "séance par séance"
        LIBRE = "libre", "sans inscription"

    # What does not change any more once somebody has registered.
    LOCKED = ["association", "inscription", "questions"]
    # What each session repeats, so that the agenda reads one table.
    REPEATED = ["titre", "resume", "theme", "public", "age_min", "age_max", "gratuit", "tarif"]
    REPEATED += ["publie_le"]

    association = models.ForeignKey(Association, models.PROTECT, related_name="activites")
    titre = models.CharField(max_length=120)
    slug = models.SlugField("adresse de la page", max_length=140, unique=True)
    resume = models.CharField(
        "en une phrase", max_length=200, blank=True, help_text="Lu dans l’agenda."
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
    gratuit = models.BooleanField("gratuite", default=False)
    tarif = models.CharField(
        "prix",
        max_length=120,
        blank=True,
        help_text="Se paie sur place, jamais en ligne. Par exemple : 60 € l’année.",
    )
    maison = models.ForeignKey(Maison, models.PROTECT, related_name="activites")
    salle = models.ForeignKey(
        Salle,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Vide : dans la maison, sans salle réservée.",
    )
    contact = models.CharField(
        max_length=200,
        blank=True,
        help_text="Un téléphone ou une adresse e-mail que le public lira.",
    )
    premier = models.DateField("début de la saison")
    dernier = models.DateField("fin de la saison")
    inscription = models.CharField(
        "inscriptions", max_length=10, choices=Inscription, default=Inscription.SAISON
    )
    places = models.PositiveSmallIntegerField("nombre de places", null=True, blank=True)
    minimum = models.PositiveSmallIntegerField(
        "nombre d’inscrits pour ouvrir", null=True, blank=True
    )
    liste_attente = models.BooleanField("liste d’attente quand c’est complet", default=True)
    ouverte = models.BooleanField("les inscriptions sont ouvertes", default=True)
    questions = ArrayField(
        models.CharField(max_length=20, choices=Question), default=list, blank=True
    )
    precedente = models.ForeignKey(
        "self",
        models.SET_NULL,
        verbose_name="saison d’avant",
        null=True,
        blank=True,
        editable=False,
        related_name="suivantes",
    )
    publie_le = models.DateTimeField("publiée le", null=True, blank=True, editable=False)
    recherche = search_words(titre="A", resume="B", theme="C", description="D")

    objects = ActiviteQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["recherche"])

    class Meta:
        verbose_name = "activité"
        constraints = [
            models.CheckConstraint(
                name="activite_ages",
                condition=Q(age_min=None) | Q(age_max=None) | Q(age_max__gte=F("age_min")),
                violation_error_message="L’âge le plus haut doit suivre le plus bas.",
            ),
            models.CheckConstraint(
                name="activite_saison",
                condition=Q(dernier__gte=F("premier")),
                violation_error_message="La fin de la saison doit suivre son début.",
            ),
            models.CheckConstraint(
                name="activite_prix",
                condition=~Q(gratuit=True) | Q(tarif=""),
                violation_error_message="Une activité gratuite n’a pas de prix.",
            ),
            models.CheckConstraint(
                name="activite_places",
                condition=Q(inscription="libre", places=None)
                | Q(places__isnull=False, places__range=(1, 1000)),
                violation_error_message="Dites combien de personnes peuvent s’inscrire : de 1 à "
                "1 000.",
            ),
            models.CheckConstraint(
                name="activite_minimum",
                condition=Q(minimum=None) | Q(minimum__range=(1, F("places"))),
                violation_error_message="Le minimum ne peut pas dépasser le nombre de places.",
            ),
        ]
        indexes = [
            GinIndex(
                fields=["recherche"],
                name="activite_recherche",
                condition=Q(publie_le__isnull=False),
            ),
            GinIndex(
                spelling("titre"),
                name="activite_orthographe",
                condition=Q(publie_le__isnull=False),
            ),
            models.Index(
                SansAccents("titre"),
                "id",
                name="activite_par_titre",
                condition=Q(publie_le__isnull=False),
            ),
            models.Index(
                fields=["dernier", "id"],
                name="activite_en_cours",
                condition=Q(publie_le__isnull=False),
            ),
        ]

    def __str__(self):
        return self.titre

    def get_absolute_url(self):
        return reverse("associations:activite", args=[self.slug])

    def clean(self):
        self.check_locked()
        if self.salle and self.salle.maison_id != self.maison_id:
            raise ValidationError({"salle": "Cette salle n’est pas dans cette maison."})
        if self.inscription == self.Inscription.LIBRE:
            self.places = self.minimum = None
        self.check_places()

    def validate_constraints(self, exclude=None):
        """Beside the question that each is about; what a form has locked is checked with it."""
        exclude, locked = set(exclude or ()), {"inscription", "places"}
        try:
            super().validate_constraints(exclude - locked if locked <= exclude else exclude)
        except ValidationError as error:
            named = {one.violation_error_message: one.name for one in self._meta.constraints}
            beside = dict(error.error_dict)
            for fault in beside.pop(NON_FIELD_ERRORS, []):
                beside.setdefault(BESIDE[named[fault.message]], []).append(fault)
            raise ValidationError(beside) from error

    def check_places(self):
        """Whoever registered while a form was open keeps their place: the database sees to it."""
        if self._state.adding or self.places is None:
            return
        if self.inscriptions.filter(place__gt=self.places).exists():
            raise ValidationError({"places": "Plus de personnes que cela sont inscrites."})

    def check_locked(self):
        """Whoever registered did so for these answers: they do not change any more."""
        if self._state.adding or not self.is_locked:
            return
        before = type(self).objects.values(*self.LOCKED).get(pk=self.pk)
        for name, value in before.items():
            if getattr(self, self._meta.get_field(name).attname) != value:
                raise ValidationError({name: VERROUILLE})

    @property
    def is_locked(self):
        """Whether somebody has registered, even if they left since."""
        return self.inscriptions.exists()

    @property
    def registers(self):
        return self.inscription != self.Inscription.LIBRE

    @property
    def by_season(self):
        return self.inscription == self.Inscription.SAISON

    @property
    def births(self):
        """(from, to): the years of birth of its ages at the season's start; None where no bound."""
        year = self.premier.year
        return (
            year - self.age_max if self.age_max is not None else None,
            year - self.age_min if self.age_min is not None else None,
        )

    @property
    def births_in_words(self):
        """« enfants nés de 2015 à 2018 », « personnes nées en 2010 ou avant », or nothing."""
        (first, last), oldest = self.births, self.age_max
        if not (first or last):
            return ""
        years = f"en {first or last}"
        if first and last and first < last:
            years = f"de {first} à {last}"
        elif not (first and last):
            years += " ou après" if first else " ou avant"
        born = "enfants nés" if oldest is not None and oldest < MAJORITY else "personnes nées"
        return f"{born} {years}"

    @property
    def price(self):
        return "gratuit" if self.gratuit else self.tarif

    @property
    def facts(self):
        """What decides at a glance: the price, then the years of birth, else the audience."""
        names = dict(Public.choices)
        audience = ", ".join(names[key] for key in self.public)
        told = [self.price.capitalize(), self.births_in_words or audience]
        return " · ".join(filter(None, told))

    @property
    def filled(self):
        """« 12 sur 15, 2 en attente »; asks for `tenues` and `attente`, that staff lists count."""
        places = f" sur {self.places}"
        if not self.by_season:
            places = f" en tout, {self.places} au plus par séance"
        return f"{self.tenues}{places}" + f", {self.attente} en attente" * bool(self.attente)

    def repeated(self):
        """The columns that each of its sessions carries too."""
        return {name: getattr(self, name) for name in self.REPEATED}


class OfActiviteQuerySet(models.QuerySet):
    def managed_by(self, user, verb="view"):
        """As staff: what is of one's associations; a city administrator, all."""
        of_mine = Association.objects.managed_by(user, verb, self.model)
        return self.filter(activite__association__in=of_mine)


class SeanceQuerySet(OfActiviteQuerySet, CreneauQuerySet):
    def upcoming(self, now):
        """Until they begin, in time order."""
        return self.filter(nature=Seance.NATURE, debut__gt=now).order_by("debut", "pk")

    def owned_by(self, user):
        """Nobody owns a session as a person."""
        return self.none()


class Seance(Creneau):
    """One date of an activity."""

    NATURE = "activite"
    AGAIN = [*Creneau.AGAIN, "activite"]
    DRAFT_GOES = True

    creneau = models.OneToOneField(Creneau, models.CASCADE, parent_link=True)
    activite = models.ForeignKey(
        Activite, models.PROTECT, verbose_name="activité", related_name="seances"
    )

    # The registrations that ended with it: whoever tells people reads them.
    ended = ()

    objects = SeanceQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["recherche", "modifie_le"])

    class Meta:
        verbose_name = "séance"

    def get_absolute_url(self):
        return self.activite.get_absolute_url()

    def entitle(self):
        self.titre = self.activite.titre

    def clean(self):
        for name, value in self.activite.repeated().items():
            setattr(self, name, value)
        self.plain_pied = (self.salle or self.maison).plain_pied if self.maison else None
        super().clean()

    def mark_cancelled(self, motif):
        """Who was registered for it alone has nothing left; who is for the season stays."""
        super().mark_cancelled(motif)
        self.mention = ""
        rows = self.inscriptions.alive()
        self.ended = list(rows.select_related("dossier__compte").select_for_update(of=("self",)))
        rows.update(etat="annulee", place=None, rang=None, expire_le=None, annule_le=self.annule_le)
