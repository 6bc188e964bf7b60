from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.lookups import Unaccent
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left, Lower
from django.urls import reverse
from django.utils import timezone

# The database sorts by bytes wherever it runs: É would come after Z.
BY_NAME = Unaccent(Lower("nom"))
LONGEST = 20_000  # signs of a text whose words are kept: PostgreSQL refuses a megabyte of them


class SansAccents(models.Func):
    """In lower case without accents; unlike Unaccent it may be indexed (migration 0003)."""

    function = "sans_accents"
    output_field = models.TextField()


def search_words(**weights):
    """A stored column of the words of some texts, in French without accents: nom="A", …"""
    vectors = [
        SearchVector(Left(field, LONGEST), weight=weight, config="french_unaccent")
        for field, weight in weights.items()
    ]
    return models.GeneratedField(
        expression=sum(vectors[1:], vectors[0]), output_field=SearchVectorField(), db_persist=True
    )


def spelling(field):
    """What an index of trigrams keeps of a title, to find it with a typing mistake."""
    return OpClass(SansAccents(field), name="gin_trgm_ops")


def both_coordinates(name):
    """A point has its two coordinates, in degrees, or none: one alone would be neither."""
    both = {"longitude__isnull": False, "latitude__isnull": False}
    within = {"longitude__range": (-180, 180), "latitude__range": (-90, 90)}
    return models.CheckConstraint(
        name=name,
        condition=Q(longitude=None, latitude=None) | Q(**both, **within),
        violation_error_message="Longitude et latitude vont ensemble, en degrés.",
    )


class Ville(models.Model):
    """The city whose portal this is: one row, its name and how to reach a person."""

    nom = models.CharField(max_length=100)
    code_insee = models.CharField("code INSEE", max_length=5, blank=True)
    zone_scolaire = models.CharField(
        "zone scolaire", max_length=1, choices={"A": "A", "B": "B", "C": "C"}, blank=True
    )
    alsace_moselle = models.BooleanField("Alsace-Moselle", default=False)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    horaires = models.CharField(
        "heures d’appel",
        max_length=120,
        blank=True,
        help_text="Par exemple : du lundi au vendredi, de 9 h à 18 h",
    )
    courriel = models.EmailField("adresse e-mail", blank=True)
    adresse = models.CharField(max_length=200, blank=True)
    directeur_publication = models.CharField(
        "responsable de la publication", max_length=120, blank=True
    )
    hebergeur = models.CharField("hébergeur", max_length=200, blank=True)
    delegue_donnees = models.CharField(
        "contact pour les données personnelles", max_length=200, blank=True
    )
    demonstration = models.BooleanField("ville de démonstration", default=False, editable=False)

    class Meta:
        verbose_name = "ville"
        constraints = [
            models.CheckConstraint(
                name="ville_unique",
                condition=Q(pk=1),
                violation_error_message="Il n’y a qu’une ville.",
            )
        ]

    def __str__(self):
        return self.nom

    @classmethod
    def current(cls):
        """The city, or one without a name before anybody has filled it in."""
        return cls.objects.first() or cls(pk=1, nom="votre ville")


class Quartier(models.Model):
    nom = models.CharField(max_length=80, unique=True)
    slug = models.SlugField("adresse de la page", max_length=80, unique=True)
    code = models.CharField("code de la ville", max_length=20, blank=True)
    chapeau = models.CharField("en une phrase", max_length=200, blank=True)
    presentation = models.TextField("présentation", blank=True)
    # [[[lon, lat], …], …]: rings, WGS 84, simplified once at import; holes turn the other way.
    contour = models.JSONField(default=list, blank=True, editable=False)
    recherche = search_words(nom="A", chapeau="B", presentation="D")

    class Meta:
        verbose_name = "quartier"
        ordering = [BY_NAME]
        indexes = [
            GinIndex(fields=["recherche"], name="quartier_recherche"),
            GinIndex(spelling("nom"), name="quartier_orthographe"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="quartier_code_unique", fields=["code"], condition=~Q(code="")
            )
        ]

    def __str__(self):
        return self.nom

    def get_absolute_url(self):
        return reverse("portail:quartier", args=[self.slug])


class SousQuartier(models.Model):
    quartier = models.ForeignKey(Quartier, models.CASCADE, related_name="sous_quartiers")
    nom = models.CharField(max_length=80)
    slug = models.SlugField("adresse de la page", max_length=80)
    code = models.CharField("code de la ville", max_length=20, blank=True)
    contour = models.JSONField(default=list, blank=True, editable=False)

    class Meta:
        verbose_name = "sous-quartier"
        verbose_name_plural = "sous-quartiers"
        ordering = [BY_NAME]
        constraints = [
            models.UniqueConstraint(name="sousquartier_nom_unique", fields=["quartier", "nom"]),
            models.UniqueConstraint(name="sousquartier_slug_unique", fields=["quartier", "slug"]),
        ]

    def __str__(self):
        return self.nom


def in_office(on):
    """Which capacities hold on a day, both ends included."""
    return Q(debut__lte=on) & (Q(fin=None) | Q(fin__gte=on))


class FonctionQuerySet(models.QuerySet):
    def in_office(self, on):
        return self.filter(in_office(on))


class Fonction(models.Model):
    """Somebody's public capacity, and until when: no way to reach them."""

    nom = models.CharField(max_length=100)
    debut = models.DateField("depuis le", default=timezone.localdate)
    fin = models.DateField("jusqu’au", null=True, blank=True, help_text="Dernier jour compris.")

    objects = FonctionQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = [BY_NAME]
        constraints = [
            models.CheckConstraint(
                name="%(class)s_fin_apres_debut",
                condition=Q(fin=None) | Q(fin__gte=F("debut")),
                violation_error_message="Le dernier jour doit suivre le premier.",
            )
        ]

    def __str__(self):
        return f"{self.nom}, {self.capacity}" if self.capacity else self.nom

    @property
    def capacity(self):
        raise NotImplementedError

    def is_in_office(self, on):
        return self.debut <= on and (self.fin is None or self.fin >= on)


class Elu(Fonction):
    """Of the city’s own council; a quartier of theirs shows them."""

    fonction = models.CharField(
        max_length=100, help_text="Par exemple : maire, adjointe au maire, conseiller municipal."
    )
    delegation = models.CharField(
        "délégation", max_length=200, blank=True, help_text="Par exemple : écoles et jeunesse."
    )
    quartier = models.ForeignKey(
        Quartier, models.SET_NULL, null=True, blank=True, related_name="elus"
    )

    class Meta(Fonction.Meta):
        verbose_name = "élu"
        verbose_name_plural = "élus"

    @property
    def capacity(self):
        return self.fonction
