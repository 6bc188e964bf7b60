from datetime import timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now
from django.utils import timezone

from maisons import heures, natures
from maisons.models.maison import Fermeture, Maison
from maisons.models.salle import Salle
from maisons.models.serie import Serie
from quartiers.models import Quartier

SALLE_PRISE = "Cette salle est déjà prise à cette heure."
FIN_AVANT_DEBUT = "La fin doit être après le début."
LASTING = Q(fin__gt=F("debut") + timedelta(hours=25))  # for days: one of them has 25 in October


class TsTzRange(Func):
    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class IsOneOf(Func):
    template, arg_joiner = "%(expressions)s)", " = ANY("
    output_field = models.BooleanField()


class Theme(models.TextChoices):
    CULTURE = "culture", "Culture et spectacles"
    SPORT = "sport", "Sport et bien-être"
    ENFANCE = "enfance", "Enfance et famille"
    DROITS = "droits", "Droits et démarches"
    SANTE = "sante", "Santé"
    NUMERIQUE = "numerique", "Numérique"
    NATURE = "nature", "Nature et jardin"
    SOLIDARITE = "solidarite", "Entraide et rencontres"
    CITOYENNETE = "citoyennete", "Vie du quartier"


class Public(models.TextChoices):
    ENFANTS = "enfants", "enfants"
    ADOS = "ados", "adolescents"
    ADULTES = "adultes", "adultes"
    AINES = "aines", "aînés"
    FAMILLES = "familles", "familles"


class CreneauQuerySet(models.QuerySet):
    def holding(self):
        return self.filter(annule_le=None)

    def public(self):
        """Published ones, the cancelled among them: the public must read that they are."""
        return self.exclude(publie_le=None)

    def during(self, debut, fin):
        """Those whose span [debut, fin) meets the given one; the index holds public ones only."""
        span = TsTzRange(debut, fin)
        return self.alias(span=TsTzRange("debut", "fin")).filter(span__overlap=span)

    def by_length(self):
        """With `bref`, whether it fits in a day or goes on for several."""
        brief = models.ExpressionWrapper(~LASTING, output_field=models.BooleanField())
        return self.annotate(bref=brief)

    def occupying(self, debut, fin):
        """The same with the time to tidy up: what a planning shows as taken."""
        span = TsTzRange(debut, fin)
        return self.alias(held=TsTzRange("debut", "libere_a")).filter(held__overlap=span)

    def in_house(self, *maisons):
        """Those of some houses, as the GiST indexes read them: to them a bare 3 is no bigint."""
        keys = models.Value([one.pk for one in maisons], ArrayField(models.BigIntegerField()))
        return self.filter(IsOneOf("maison", keys))


class Creneau(models.Model):
    """
    A place held for a half-open span [debut, fin): stored in UTC, shown in Europe/Paris.

    Two may touch, never hold one room at once: PostgreSQL refuses it, whoever writes. Written by
    `planning` alone; each is exactly one child, whose nature it carries.
    """

    class Portee(models.TextChoices):
        SALLE = "salle", "dans une salle"
        MAISON = "maison", "dans toute la maison"
        SANS_SALLE = "sans_salle", "à la maison, sans salle (hall, jardin)"
        HORS_LES_MURS = "hors_les_murs", "ailleurs dans le quartier"

    class Motif(models.TextChoices):
        DEMANDE = "demande", "à la demande de la personne"
        REFUS = "refus", "demande refusée"
        DELAI = "delai", "délai dépassé"
        FERMETURE = "fermeture", "fermeture de la maison ou de la salle"
        ORGANISATION = "organisation", "annulé par l’organisateur"

    NATURE = None  # one per child class
    answerable = False  # whether somebody must still grant it
    DRAFT_GOES = False  # whether a date called off leaves no row as long as nobody could read it
    # What another date of the same thing repeats; a child adds its own.
    AGAIN = ["portee", "maison", "salle", "adresse_libre", "quartier", "personnes"]

    nature = models.CharField(max_length=20, editable=False)
    titre = models.CharField(max_length=120)  # public: never a person's name
    resume = models.CharField("résumé", max_length=200, blank=True)
    mention = models.CharField(max_length=80, blank=True, editable=False)
    portee = models.CharField("où", max_length=15, choices=Portee, default=Portee.SALLE)
    maison = models.ForeignKey(
        Maison, models.PROTECT, null=True, blank=True, related_name="creneaux"
    )
    salle = models.ForeignKey(Salle, models.PROTECT, null=True, blank=True, related_name="creneaux")
    adresse_libre = models.CharField("adresse, si c’est ailleurs", max_length=200, blank=True)
    # Without an index of its own: a tenth of the table per quartier, read beside each window.
    quartier = models.ForeignKey(
        Quartier, models.PROTECT, null=True, blank=True, db_index=False, related_name="creneaux"
    )
    debut = models.DateTimeField("début")
    fin = models.DateTimeField()
    heure_connue = models.BooleanField("l’heure est connue", default=True)
    libere_a = models.DateTimeField(editable=False)  # fin + the longest buffer
    emprise = ArrayField(models.IntegerField(), default=list, editable=False)  # ids of rooms
    personnes = models.PositiveIntegerField("nombre de personnes", null=True, blank=True)
    theme = models.CharField("thème", max_length=20, choices=Theme, blank=True)
    public = ArrayField(
        models.CharField(max_length=20, choices=Public), default=list, blank=True, editable=False
    )
    age_min = models.PositiveSmallIntegerField("à partir de (âge)", null=True, blank=True)
    age_max = models.PositiveSmallIntegerField("jusqu’à (âge)", null=True, blank=True)
    gratuit = models.BooleanField(null=True, blank=True)
    tarif = models.CharField(max_length=120, blank=True)
    plain_pied = models.BooleanField("accès de plain-pied", null=True, blank=True)
    publie_le = models.DateTimeField("publié le", null=True, blank=True, editable=False)
    annule_le = models.DateTimeField("annulé le", null=True, blank=True, editable=False)
    motif_annulation = models.CharField(max_length=20, choices=Motif, blank=True, editable=False)
    serie = models.ForeignKey(
        Serie,
        models.PROTECT,
        verbose_name="série",
        null=True,
        blank=True,
        editable=False,
        db_index=False,
        related_name="creneaux",
    )
    # The day of the rule, wherever the date was moved: RECURRENCE-ID of RFC 5545.
    jour_serie = models.DateField("jour de la série", null=True, blank=True, editable=False)
    sequence = models.PositiveSmallIntegerField(
        default=0, db_default=0, editable=False
    )  # RFC 5545: each change
    # When what the public reads last changed: a trigger writes it, whoever changes the row.
    modifie_le = models.DateTimeField(
        "modifié le", default=timezone.now, db_default=Now(), editable=False
    )
    recherche = models.GeneratedField(
        expression=SearchVector("titre", weight="A", config="french_unaccent")
        + SearchVector("resume", weight="B", config="french_unaccent"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = CreneauQuerySet.as_manager()

    class Meta:
        verbose_name = "créneau"
        verbose_name_plural = "créneaux"
        constraints = [
            models.CheckConstraint(
                name="creneau_fin_apres_debut",
                condition=Q(fin__gt=F("debut"), libere_a__gte=F("fin")),
                violation_error_message=FIN_AVANT_DEBUT,
            ),
            models.CheckConstraint(
                name="creneau_portee_et_lieu",
                condition=Q(portee="salle", maison__isnull=False, salle__isnull=False)
                | Q(portee__in=["maison", "sans_salle"], maison__isnull=False, salle=None)
                | (
                    Q(portee="hors_les_murs", quartier__isnull=False, salle=None)
                    & ~Q(adresse_libre="")
                ),
                violation_error_message="Dites où : une salle, une maison, ou une adresse et "
                "son quartier.",
            ),
            models.CheckConstraint(
                name="creneau_ages",
                condition=Q(age_min=None) | Q(age_max=None) | Q(age_max__gte=F("age_min")),
                violation_error_message="L’âge le plus haut doit suivre le plus bas.",
            ),
            models.CheckConstraint(
                name="creneau_annulation_motivee",
                condition=Q(annule_le=None, motif_annulation="")
                | (Q(annule_le__isnull=False) & ~Q(motif_annulation="")),
            ),
            models.UniqueConstraint(
                name="creneau_serie_jour_unique",
                fields=["serie", "jour_serie"],
                condition=Q(serie__isnull=False),
            ),
            ExclusionConstraint(
                name="creneau_sans_chevauchement",
                expressions=[
                    (OpClass("emprise", "gist__int_ops"), RangeOperators.OVERLAPS),
                    (TsTzRange("debut", "libere_a"), RangeOperators.OVERLAPS),
                ],
                condition=Q(annule_le=None) & ~Q(emprise=[]),
                violation_error_message=SALLE_PRISE,
            ),
        ]
        indexes = [
            GistIndex(
                TsTzRange("debut", "fin"),
                "maison",
                name="creneau_agenda_fenetre",
                condition=Q(publie_le__isnull=False),
            ),
            models.Index(
                fields=["debut", "id"],
                name="creneau_agenda_suite",
                condition=Q(publie_le__isnull=False),
            ),
            GistIndex(
                "maison",
                TsTzRange("debut", "libere_a"),
                name="creneau_planning",
                condition=Q(annule_le=None),
            ),
            # Of one kind among the others: the meetings of the councils.
            models.Index(
                fields=["nature", "debut", "id"],
                name="creneau_nature",
                condition=Q(publie_le__isnull=False),
            ),
            # Of the reminders.
            models.Index(
                fields=["debut"],
                name="creneau_reserve",
                condition=Q(annule_le=None, nature="reservation"),
            ),
            GinIndex(
                fields=["recherche"],
                name="creneau_recherche",
                condition=Q(publie_le__isnull=False),
            ),
        ]

    def __str__(self):
        return self.titre

    @property
    def kind(self):
        """How this nature is named and where it leads."""
        return natures.registry()[self.nature]

    @property
    def detail(self):
        """The line under the label: its mention, else what it costs and how one enters."""
        if self.mention:
            return self.mention
        price = "gratuit" if self.gratuit else self.tarif
        return ", ".join(filter(None, [price, "de plain-pied" if self.plain_pied else ""]))

    @property
    def place(self):
        """« Maison des Lavoirs · Les Rives », or the address when it is elsewhere."""
        outside = self.portee == self.Portee.HORS_LES_MURS
        where = self.adresse_libre if outside else self.maison
        return " · ".join(str(part) for part in (where, self.quartier) if part)

    @property
    def several_days(self):
        return self.last_day > heures.local(self.debut).date()

    @property
    def last_day(self):
        """The last local day it touches: a span that ends at midnight ends the day before."""
        return heures.local(self.fin - timedelta(seconds=1)).date()

    def again(self, **values):
        """A new one like it, not saved, but for some values."""
        return type(self)(**{name: getattr(self, name) for name in self.AGAIN} | values)

    def terms(self):
        """Attributes that no column keeps: the rules under which more of its series is booked."""
        return {}

    def rooms(self):
        """The rooms used: the whole brings its parts, a part only itself; elsewhere, none."""
        if self.portee == self.Portee.MAISON:
            return Salle.objects.filter(maison=self.maison_id)
        if self.portee == self.Portee.SALLE:
            return Salle.objects.filter(Q(pk=self.salle_id) | Q(partie_de=self.salle_id))
        return Salle.objects.none()

    def entitle(self):
        """For a child whose title nobody types: it writes it, for each date of a series too."""

    def clean_fields(self, exclude=None):
        """A row that was loaded is not looked for again: PostgreSQL knows if it went since."""
        self.entitle()
        keys = (field for field in self._meta.concrete_fields if field.is_relation)
        loaded = {field.name for field in keys if field.is_cached(self)}
        super().clean_fields(exclude={*(exclude or ()), *loaded})

    def clean(self):
        """Compute what the constraint reads; a trigger does it for any other writer."""
        self.entitle()
        self.nature, self.emprise, self.libere_a = self.NATURE, [], None
        if self.maison and self.portee != self.Portee.HORS_LES_MURS:
            self.quartier_id = self.maison.quartier_id
        if self.salle and self.salle.maison_id != self.maison_id:
            raise ValidationError({"salle": "Cette salle n’est pas dans cette maison."})
        if not (self.debut and self.fin):
            return
        if self.fin <= self.debut:
            raise ValidationError({"fin": FIN_AVANT_DEBUT})
        self.measure()

    def measure(self):
        """What is held, and until when: the rooms that are not shared, with the longest buffer."""
        held = [room for room in self.rooms() if not room.partagee]
        self.emprise = sorted(room.pk for room in held)
        self.libere_a = self.fin + max((room.battement for room in held), default=timedelta())

    def validate_constraints(self, exclude=None):
        # Forms hide these three: Django then skips the check, or crashes.
        computed = {"emprise", "libere_a", "annule_le"}
        # The series writes its days under its own lock: no question asked for each créneau.
        super().validate_constraints(exclude=set(exclude or ()) - computed | {"jour_serie"})

    def closures(self):
        """Those of its place, whenever they are."""
        closures = Fermeture.objects.filter(maison=self.maison_id)
        if self.portee == self.Portee.SALLE:
            # Its own, that of one of its parts, that of the whole it is a part of.
            rooms = Q(salle__in=self.rooms()) | Q(salle__parties=self.salle_id)
            return closures.filter(Q(salle=None) | rooms)
        if self.portee == self.Portee.SANS_SALLE:
            return closures.filter(salle=None)
        return closures.none() if self.portee == self.Portee.HORS_LES_MURS else closures

    def check_rules(self):
        """
        What the place allows, for a new or moved créneau; `planning` calls it under the lock.

        Raises ValidationError: the place is closed, or a shared hall is full.
        """
        if closure := self.closures().during(self.debut, self.fin).first():
            place = "La salle est fermée" if closure.salle_id else "La maison est fermée"
            raise ValidationError(f"{place} à ce moment : {closure.motif}.")
        for room in self.rooms():
            if room.partagee:
                self.check_shared(room)

    def check_shared(self, room):
        """Several uses of a shared hall at once, as long as its places suffice at each instant."""
        others = Creneau.objects.holding().in_house(self.maison).exclude(pk=self.pk)
        others = others.occupying(self.debut, self.fin).during(self.debut, self.fin)
        if self.portee == self.Portee.MAISON:
            if others.filter(salle=room).exists():
                raise ValidationError(f"{room} : quelqu’un s’y est déjà inscrit à cette heure.")
            return
        if others.filter(portee=self.Portee.MAISON).exists():
            raise ValidationError(SALLE_PRISE)
        if self.personnes is None:
            raise ValidationError({"personnes": "Dites combien de personnes viennent."})
        # The hall is fullest when one of the uses begins.
        uses = list(others.filter(salle=room).values_list("debut", "fin", "personnes"))
        peak = max(
            sum(number or 0 for debut, fin, number in uses if debut <= instant < fin)
            for instant in [self.debut, *(debut for debut, *_ in uses if debut > self.debut)]
        )
        if peak + self.personnes > room.capacite:
            left = max(room.capacite - peak, 0)
            told = f"{room} : il reste {left} places sur {room.capacite} à cette heure."
            raise ValidationError({"personnes": told})

    def within(self, other):
        """Whether it takes nothing that `other` did not: the same place, no longer, no fuller."""
        places = {(c.portee, c.maison_id, c.salle_id) for c in (self, other)}
        fits = other.debut <= self.debut and self.fin <= other.fin
        return len(places) == 1 and fits and (self.personnes or 0) <= (other.personnes or 0)

    def carry(self, before):
        """For a child on whose hours others depend: they follow it; raises ValidationError."""

    def resettle(self, before, by):
        """For a child that somebody answers: what a change by `by` does to the answer."""
        self.carry(before)

    def mark_cancelled(self, motif):
        """For planning alone, under its lock; a child adds its own state."""
        self.annule_le, self.motif_annulation = timezone.now(), motif
        self.sequence += 1
        self.save()
