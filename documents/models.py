from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from documents import formats

IMAGE_TOLD = "Dites ce que montre cette image, pour qui ne la voit pas."
FACTS = ["nom_fichier", "format", "taille", "empreinte", "accessibilite"]
FACTS += ["langue", "pages", "largeur", "hauteur"]


class Recu(models.Model):
    """
    A file received and what the public reads of it.

    `describe()` takes over what `reception.receive()` found, `depot.kept()` gives the name of its
    file. Private: a child says which rows the public reads, a view of its app gives the file.
    """

    class Format(models.TextChoices):
        PDF = "pdf", "PDF"
        JPG = "jpg", "Image"
        ODT = "odt", "Texte ODT"
        ODS = "ods", "Tableur ODS"
        ODP = "odp", "Diaporama ODP"
        DOCX = "docx", "Texte Word"
        XLSX = "xlsx", "Tableur Excel"
        PPTX = "pptx", "Diaporama PowerPoint"

    class Accessibilite(models.TextChoices):
        OUI = formats.READABLE, "accessible"
        NON_BALISE = formats.UNTAGGED, "non accessible"
        SANS_LANGUE = formats.NO_LANGUAGE, "langue non indiquée"
        IMAGE_SEULE = formats.IMAGE_ONLY, "image seule, sans texte"
        INCONNU = formats.UNKNOWN, "accessibilité non vérifiée"

    titre = models.CharField(max_length=150)
    resume = models.TextField(
        "résumé",
        blank=True,
        help_text="L’essentiel en quelques lignes, pour qui ne peut pas lire le fichier.",
    )
    alternative = models.CharField(
        "texte de remplacement",
        max_length=300,
        blank=True,
        help_text="Pour une image seulement : ce qu’elle montre, pour qui ne la voit pas.",
    )
    fichier = models.FileField(unique=True, editable=False)
    nom_fichier = models.CharField(max_length=95, editable=False)  # when saved: « avis.pdf »
    format = models.CharField(max_length=4, choices=Format, editable=False)
    taille = models.PositiveBigIntegerField(editable=False)  # bytes
    empreinte = models.CharField(max_length=64, editable=False)  # SHA-256
    accessibilite = models.CharField(max_length=12, choices=Accessibilite, editable=False)
    langue = models.CharField(max_length=35, blank=True, editable=False)  # BCP 47
    pages = models.PositiveIntegerField(null=True, editable=False)
    largeur = models.PositiveIntegerField(null=True, editable=False)
    hauteur = models.PositiveIntegerField(null=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_image_decrite",
                condition=~Q(format=formats.IMAGE, alternative=""),
                violation_error_message=IMAGE_TOLD,
            ),
            models.CheckConstraint(
                name="%(class)s_dimensions_d_image",
                condition=Q(format=formats.IMAGE, largeur__gt=0, hauteur__gt=0)
                & ~Q(largeur=None)
                & ~Q(hauteur=None)
                | (~Q(format=formats.IMAGE) & Q(largeur=None, hauteur=None)),
            ),
            models.CheckConstraint(name="%(class)s_titre", condition=~Q(titre="")),
            models.CheckConstraint(
                name="%(class)s_fichier_entier",
                condition=Q(taille__gt=0, empreinte__regex="^[0-9a-f]{64}$"),
            ),
        ]

    def __str__(self):
        return self.titre

    @staticmethod
    def beside(name, suffix):
        """Where a copy of a file is: « 3f/3f….jpg » and « -480 » are « 3f/3f…-480.jpg »."""
        path = PurePosixPath(name)
        return str(path.with_stem(path.stem + suffix))

    def clean(self):
        if not self.is_image:
            self.alternative = ""
        elif not self.alternative:
            raise ValidationError({"alternative": IMAGE_TOLD})

    def describe(self, received):
        """Take over what was found in a file."""
        for field in FACTS:
            setattr(self, field, getattr(received, field))

    @property
    def is_image(self):
        return self.format == formats.IMAGE

    @property
    def widths(self):
        return formats.kept_widths(self.largeur) if self.is_image else []

    def copy_name(self, width):
        """The file of a width: the widest is the file itself."""
        return (
            self.fichier.name
            if width == self.largeur
            else self.beside(self.fichier.name, f"-{width}")
        )

    @property
    def srcset(self):
        """The copies of an image, for the browser to choose from."""
        url = self.get_absolute_url()
        return ", ".join(f"{url}?largeur={width} {width}w" for width in self.widths)

    @property
    def facts(self):
        """« PDF, 12 pages, 310 Ko, accessible » (parcours C2)."""
        pages = f"{self.pages} page{'s' * (self.pages > 1)}" if self.pages else ""
        told = "" if self.is_image else self.get_accessibilite_display()
        size = formats.weight(self.taille)
        return ", ".join(filter(None, [self.get_format_display(), pages, size, told]))

    @property
    def advice(self):
        """What to do about a file that not everybody can read (parcours S4); often nothing."""
        return "" if self.resume else ADVICE.get(self.accessibilite, "")


ADVICE = {
    formats.UNTAGGED: "Ce PDF n’est pas balisé : les lecteurs d’écran le lisent mal.",
    formats.NO_LANGUAGE: "Ce PDF ne dit pas sa langue : un lecteur d’écran le prononce mal.",
    formats.IMAGE_ONLY: "Ce PDF est une image : un lecteur d’écran n’y lit rien.",
}
