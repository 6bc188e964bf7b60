import re

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from associations.numeros import luhn
from comptes.models import Mandat, MandatQuerySet
from comptes.roles import allowing
from maisons.models import Theme
from quartiers.models import (
    Quartier,
    SansAccents,
    SousQuartier,
    both_coordinates,
    search_words,
    spelling,
)

RNA, SIRET = re.compile(r"^W[0-9]{9}\Z"), re.compile(r"^[0-9]{14}\Z")


class AssociationQuerySet(models.QuerySet):
    def public(self):
        return self.filter(visible=True)

    def managed_by(self, user, verb="view", model=None):
        """
        As staff: the associations of a MembreAssociation in force today, of a role that has the
        verb on the model (the association itself by default), the one at work alone where one was
        chosen (`associations.au_travail`); a superuser, all.
        """
        if user.is_superuser:
            return self
        roles = allowing(verb, model or self.model)
        mine = MembreAssociation.objects.in_force().filter(compte=user, role__in=roles)
        if chosen := getattr(user, "at_work", None):
            mine = mine.filter(association=chosen)
        return self.filter(pk__in=mine.values("association"))

    def under_charter(self, on=None):
        """Those that have signed the charter and are insured, on a day (today by default)."""
        adhesions = self.model.adhesions.rel.related_model.objects
        valid = adhesions.in_force(on).insured(on)
        return self.filter(pk__in=valid.values("association"))

    def owned_by(self, user):
        """Nobody owns an association as a person."""
        return self.none()

    def by_name(self):
        return self.order_by(SansAccents("nom"), "pk")


class Association(models.Model):
    """An association of the city, as its directory tells it."""

    nom = models.CharField(max_length=150)
    slug = models.SlugField("adresse de la page", max_length=160, unique=True)
    sigle = models.CharField(max_length=40, blank=True)
    objet = models.CharField("en une phrase", max_length=200, blank=True)
    presentation = models.TextField("présentation", blank=True)
    themes = ArrayField(
        models.CharField(max_length=20, choices=Theme),
        verbose_name="thèmes",
        default=list,
        blank=True,
    )
    quartier = models.ForeignKey(
        Quartier, models.PROTECT, null=True, blank=True, related_name="associations"
    )
    sous_quartier = models.ForeignKey(
        SousQuartier, models.SET_NULL, verbose_name="sous-quartier", null=True, blank=True
    )
    adresse = models.CharField(max_length=200, blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    courriel = models.EmailField("adresse e-mail", blank=True)
    site = models.URLField("site", blank=True)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    rna = models.CharField(
        "numéro RNA",
        max_length=10,
        blank=True,
        validators=[RegexValidator(RNA, "Un numéro RNA est un W et neuf chiffres.")],
    )
    siret = models.CharField(
        "SIRET",
        max_length=14,
        blank=True,
        validators=[RegexValidator(SIRET, "Un SIRET a quatorze chiffres.")],
    )
    benevoles = models.CharField(
        "cherche des bénévoles",
        max_length=200,
        blank=True,
        help_text="Pour quoi faire, en une phrase. Vide : n’en cherche pas.",
    )
    visible = models.BooleanField(
        "dans l’annuaire", default=True, help_text="Décochez si elle a cessé."
    )
    reference = models.CharField(
        "référence d’origine", max_length=100, unique=True, null=True, blank=True, editable=False
    )
    recherche = search_words(nom="A", sigle="A", objet="B", benevoles="C", presentation="D")

    objects = AssociationQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["recherche"])

    class Meta:
        verbose_name = "association"
        constraints = [
            models.UniqueConstraint(
                name="association_rna_unique",
                fields=["rna"],
                condition=~Q(rna=""),
                violation_error_message="Une association a déjà ce numéro RNA.",
            ),
            models.CheckConstraint(
                name="association_rna",
                condition=Q(rna="") | Q(rna__regex="^W[0-9]{9}$"),
                violation_error_message="Un numéro RNA est un W et neuf chiffres.",
            ),
            models.CheckConstraint(
                name="association_siret",
                condition=Q(siret="") | Q(siret__regex="^[0-9]{14}$"),
                violation_error_message="Un SIRET a quatorze chiffres.",
            ),
            both_coordinates("association_coordonnees"),
            models.CheckConstraint(
                name="association_adresse_libre",
                condition=~Q(slug="charte"),
                violation_error_message="Cette adresse est celle de la charte.",
            ),
        ]
        indexes = [
            models.Index(
                SansAccents("nom"),
                "id",
                name="association_annuaire",
                condition=Q(visible=True),
            ),
            GinIndex(fields=["themes"], name="association_themes"),
            GinIndex(fields=["recherche"], name="association_recherche"),
            GinIndex(spelling("nom"), name="association_orthographe"),
        ]

    def __str__(self):
        return self.nom

    def get_absolute_url(self):
        return reverse("associations:association", args=[self.slug])

    def clean(self):
        if SIRET.search(self.siret) and not luhn(self.siret):
            raise ValidationError({"siret": "Ce SIRET a une faute : vérifiez ses chiffres."})

    @property
    def theme_names(self):
        """[(value, in words)]."""
        return [(theme, Theme(theme).label) for theme in self.themes]

    @property
    def link(self):
        """An address of the web; another kind, whoever wrote it, leads nowhere."""
        return self.site if self.site.startswith(("https://", "http://")) else ""


class OfAssociationQuerySet(models.QuerySet):
    def managed_by(self, user, verb="view"):
        mine = Association.objects.managed_by(user, verb, self.model)
        return self.filter(association__in=mine)

    def owned_by(self, user):
        """Nobody owns them as a person."""
        return self.none()


class MembreAssociationQuerySet(OfAssociationQuerySet, MandatQuerySet):
    pass


class MembreAssociation(Mandat):
    """Who acts for an association in the admin: those that answer for it, those that lead."""

    class Role(models.TextChoices):
        RESPONSABLE = "responsable", "responsable"
        ANIMATEUR = "animateur", "animateur"

    role = models.CharField(
        "rôle",
        max_length=20,
        choices=Role,
        help_text="Une personne responsable invite les autres et suit l’adhésion à la charte.",
    )
    association = models.ForeignKey(Association, models.CASCADE, related_name="membres")

    objects = MembreAssociationQuerySet.as_manager()

    class Meta(Mandat.Meta):
        verbose_name = "membre"
