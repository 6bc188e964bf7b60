from collections import defaultdict
from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from comptes.models import Mandat, MandatQuerySet
from comptes.roles import allowing
from quartiers.models import BY_NAME, Fonction, FonctionQuerySet, Quartier

KEPT = timedelta(days=92)  # the address of a member, after the last day
EARLIEST, MOST_REMINDERS = list(range(1, 31)), 3  # days before a meeting


def usual_reminders():
    return [7, 1]


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
    rappels = ArrayField(
        models.IntegerField(),
        verbose_name="rappels, en jours avant la réunion",
        default=usual_reminders,
        blank=True,
        help_text="Séparés par des virgules, comme « 7, 1 ». Vide : aucun rappel.",
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
    def managed_by(self, user, verb="view", model=None):
        """
        As staff: the councils of a Secretariat in force today, of a role that has the verb on the
        model (the council itself by default); a superuser, all.
        """
        if user.is_superuser:
            return self
        roles = allowing(verb, model or self.model)
        mine = Secretariat.objects.in_force().filter(compte=user, role__in=roles)
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
            ),
            models.CheckConstraint(
                name="conseil_rappels",
                condition=Q(rappels__contained_by=EARLIEST, rappels__len__lte=MOST_REMINDERS),
                violation_error_message="Trois rappels au plus, de 1 à 30 jours avant.",
            ),
            models.CheckConstraint(
                name="conseil_adresse_libre",
                condition=~Q(slug="recherche"),
                violation_error_message="Cette adresse est celle de la recherche.",
            ),
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
    def managed_by(self, user, verb="view"):
        return self.filter(conseil__in=Conseil.objects.managed_by(user, verb, self.model))

    def owned_by(self, user):
        return self.none()


class ConseillerQuerySet(OfConseilQuerySet, FonctionQuerySet):
    def to_forget(self, on):
        """Those whose address is of no use any more."""
        return self.filter(fin__lt=on - KEPT).exclude(courriel="")


class Conseiller(Fonction):
    """Somebody's public capacity in a council; the address is never shown."""

    conseil = models.ForeignKey(Conseil, models.CASCADE, related_name="conseillers")
    qualite = models.CharField(
        "qualité", max_length=100, blank=True, help_text="Par exemple : présidente, adjoint."
    )
    college = models.CharField("collège", max_length=60, blank=True)
    courriel = models.EmailField(
        "adresse e-mail",
        blank=True,
        db_default="",
        help_text="Pour lui envoyer les convocations. Jamais montrée au public.",
    )

    objects = ConseillerQuerySet.as_manager()

    class Meta(Fonction.Meta):
        verbose_name = "membre"

    @property
    def capacity(self):
        return self.qualite

    def clean(self):
        if isinstance(self.courriel, str):  # a refused one is not known yet
            self.courriel = self.courriel.lower()  # one spelling for a mailbox
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
