from django.db import models
from django.urls import reverse
from simple_history.models import HistoricalRecords

from associations.models.activite import Activite, OfActiviteQuerySet
from documents.models import Recu


class ImageActiviteQuerySet(OfActiviteQuerySet):
    def public(self):
        """Those that anybody may see: their activity is public."""
        return self.filter(activite__in=Activite.objects.public())

    def owned_by(self, user):
        return self.none()


class ImageActivite(Recu):
    """The picture of an activity, with what it shows and who made it; private while it is."""

    activite = models.OneToOneField(
        Activite, models.CASCADE, verbose_name="activité", related_name="image"
    )
    credit = models.CharField(
        "crédit",
        max_length=120,
        help_text="Qui a fait cette image. Par exemple : photo de Léa Martin.",
    )

    objects = ImageActiviteQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(Recu.Meta):
        verbose_name = "image d’une activité"
        verbose_name_plural = "images des activités"

    def get_absolute_url(self):
        """Where its file is; that of a draft opens for who leads it alone."""
        if self.activite.publie_le is None:
            return reverse("admin:associations_image_file", args=[self.activite_id])
        args = [self.activite.slug, self.pk, self.nom_fichier]
        return reverse("associations:image", args=args)
