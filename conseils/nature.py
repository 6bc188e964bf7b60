"""What the agenda, the planning and a closure know of a meeting."""

from django.urls import reverse

from conseils import envois
from conseils.models import Reunion
from maisons.creneaux import PlannedNature


class ReunionNature(PlannedNature):
    key = Reunion.NATURE
    label, plural = "Conseil de quartier", "Conseils de quartier"

    def url(self, creneau):
        return Reunion.objects.select_related("conseil").get(pk=creneau.pk).get_absolute_url()

    def tell(self, creneau, what, avant="", rectificatif=None, **context):
        envois.tell(creneau, what, avant, getattr(rectificatif, "motif", ""))

    def tell_settled(self, settled):
        """To the secretary's readers, who are none of the contacts of a closure."""
        for one in settled:
            what, reunion = "deplacee" if one.apres else "annulee", one.row.creneau
            envois.tell(reunion, what, one.avant if one.apres else "")

    def children(self, keys):
        return Reunion.objects.filter(pk__in=keys).select_related("conseil", "maison", "salle")

    def describe(self, creneau):
        return creneau.titre if creneau.publie_le else f"{creneau.titre} (brouillon)"

    def admin_url(self, creneau):
        """The desk that settles a closure has no page of a council's: the public one, if any."""
        if creneau.publie_le or creneau.maison is None:
            return creneau.get_absolute_url()
        return reverse("admin:planning_maison", args=[creneau.maison.slug])
