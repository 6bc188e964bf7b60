"""What the agenda, the planning and a closure know of a date of a permanence."""

from django.db.models import Prefetch
from django.urls import reverse

from maisons.creneaux import PlannedNature
from permanences import courriers
from permanences.models import RendezVous, Vacation
from permanences.prevenir import ways


class PermanenceNature(PlannedNature):
    """Who has an appointment is told by the permanence itself: a closure names nobody."""

    key = Vacation.NATURE
    label, plural = "Permanence", "Permanences"

    def url(self, creneau):
        rows = Vacation.objects.select_related("permanence")
        return rows.get(pk=creneau.pk).get_absolute_url()

    def tell(self, creneau, what, dates=(), raison="", **context):
        for date in dates or [creneau]:
            for row in date.concerned:
                courriers.tell(row, "absence", avant=row.avant, raison=raison)

    def tell_settled(self, settled, fermeture):
        """With the reason that the public reads of the closure, in its words."""
        raison = f"{fermeture.salle or fermeture.maison} ferme\u00a0: {fermeture.motif}."
        for one in settled:
            self.tell(one.row.creneau, "annulee", raison=raison)

    def children(self, keys):
        rows = Vacation.objects.filter(pk__in=keys)
        awaited = RendezVous.objects.awaited().select_related("compte")
        known = Prefetch("rendez_vous", awaited, to_attr="known")
        return rows.select_related("permanence__service", "maison", "salle").prefetch_related(known)

    def describe(self, creneau):
        return creneau.titre if creneau.publie_le else f"{creneau.titre} (brouillon)"

    def admin_url(self, creneau):
        return reverse("admin:permanences_permanence_change", args=[creneau.permanence_id])

    def announce(self, creneaux):
        return ways(row for date in creneaux for row in date.concerned).in_words()

    def counted(self, creneau):
        told = ways(creneau.known)
        return told.written, told.called
