"""The natures that the houses themselves bring: events and bookings."""

from django.urls import reverse

from maisons import courriers, planning, suivre
from maisons.models import Creneau, Occurrence, Reservation
from maisons.natures import Contact, Nature


class PlannedNature(Nature):
    """Moved and cancelled as planning does it; nobody is told here."""

    def move(self, creneau, salle, by):
        place = {"portee": Creneau.Portee.SALLE, "maison": salle.maison, "salle": salle}
        planning.move(creneau, by=by, quiet=True, **place)

    def cancel(self, creneau, motif, by):
        planning.cancel(creneau, motif, by, quiet=True)


class EvenementNature(PlannedNature):
    key = Occurrence.NATURE
    label, plural = "Événement", "Événements"

    def url(self, creneau):
        occurrence = Occurrence.objects.select_related("evenement").get(pk=creneau.pk)
        return occurrence.evenement.get_absolute_url()

    def tell(self, creneau, what, dates=(), avant="", **context):
        suivre.tell(dates or [creneau], what, avant)

    def tell_settled(self, settled, fermeture):
        """One letter for each event and what became of its dates."""
        groups = {}
        for one in settled:
            what = "deplacee" if one.apres else "annulee"
            groups.setdefault((one.row.creneau.evenement_id, what), []).append(one.row.creneau)
        for (_, what), dates in groups.items():
            suivre.tell(dates, what)

    def children(self, keys):
        return Occurrence.objects.filter(pk__in=keys).select_related("evenement", "maison", "salle")

    def describe(self, creneau):
        return creneau.titre if creneau.publie_le else f"{creneau.titre} (brouillon)"

    def admin_url(self, creneau):
        return reverse("admin:maisons_evenement_change", args=[creneau.evenement_id])


class ReservationNature(PlannedNature):
    key = Reservation.NATURE
    label, plural = "Réservation", "Réservations"
    public = False

    def url(self, creneau):
        return Reservation.objects.get(pk=creneau.pk).get_absolute_url()

    def tell(self, creneau, what, **context):
        courriers.tell(creneau, creneau.etat if what == "ajoutee" else what, **context)

    def children(self, keys):
        return Reservation.objects.filter(pk__in=keys).select_related(
            "demandeur", "maison", "salle"
        )

    def describe(self, creneau):
        people = f"{creneau.personnes} personnes" if creneau.personnes else ""
        facts = [creneau.person, creneau.get_usage_display(), people, creneau.get_etat_display()]
        return ", ".join(filter(None, facts))

    def admin_url(self, creneau):
        return reverse("admin:maisons_reservation_change", args=[creneau.pk])

    def contacts(self, creneau):
        return [Contact(creneau.person, *creneau.reached_at, code=creneau.code)]

    def move(self, creneau, salle, by):
        creneau.displaced = True
        super().move(creneau, salle, by)
