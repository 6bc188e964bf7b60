"""What the agenda, the planning and a closure know of a meeting."""

from django.urls import reverse

from conseils import envois, rectifier
from conseils.models import Reunion
from maisons.creneaux import PlannedNature

ELSEWHERE, CALLED_OFF = "La réunion change de salle", "La réunion est annulée"


class ReunionNature(PlannedNature):
    key = Reunion.NATURE
    label, plural = "Conseil de quartier", "Conseils de quartier"

    def url(self, creneau):
        return Reunion.objects.select_related("conseil").get(pk=creneau.pk).get_absolute_url()

    def tell(self, creneau, what, avant="", rectificatif=None, **context):
        envois.tell(creneau, what, avant, getattr(rectificatif, "motif", creneau.explication))

    def move(self, creneau, salle, by):
        """A public one says why: the closure that leaves it without its room."""
        if not creneau.publie_le:
            return super().move(creneau, salle, by)
        place = {"portee": Reunion.Portee.SALLE, "maison": salle.maison, "salle": salle}
        return rectifier.rectify(creneau, because(ELSEWHERE, creneau), by=by, **place)

    def cancel(self, creneau, motif, by):
        if not creneau.publie_le:
            return super().cancel(creneau, motif, by)
        return rectifier.call_off(creneau, because(CALLED_OFF, creneau), by=by, motif=motif)

    def children(self, keys):
        return Reunion.objects.filter(pk__in=keys).select_related("conseil", "maison", "salle")

    def describe(self, creneau):
        return creneau.titre if creneau.publie_le else f"{creneau.titre} (brouillon)"

    def admin_url(self, creneau):
        """The desk that settles a closure has no page of a council's: the public one, if any."""
        if creneau.publie_le or creneau.maison is None:
            return creneau.get_absolute_url()
        return reverse("admin:planning_maison", args=[creneau.maison.slug])


def because(told, creneau):
    """« La réunion change de salle : travaux électriques. », by the closure of its place."""
    closure = creneau.closures().during(creneau.debut, creneau.fin).first()
    return f"{told} : {closure.motif}." if closure else f"{told}."
