"""What the agenda, the planning and a closure know of a date of a permanence."""

from django.urls import reverse

from maisons.creneaux import PlannedNature
from permanences.models import Vacation


class PermanenceNature(PlannedNature):
    key = Vacation.NATURE
    label, plural = "Permanence", "Permanences"

    def url(self, creneau):
        rows = Vacation.objects.select_related("permanence")
        return rows.get(pk=creneau.pk).get_absolute_url()

    def children(self, keys):
        rows = Vacation.objects.filter(pk__in=keys)
        return rows.select_related("permanence__service", "maison", "salle")

    def describe(self, creneau):
        return creneau.titre if creneau.publie_le else f"{creneau.titre} (brouillon)"

    def admin_url(self, creneau):
        return reverse("admin:planning_maison", args=[creneau.maison.slug])
