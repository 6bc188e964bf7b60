"""The natures that the houses themselves bring: events and bookings."""

from maisons import courriers
from maisons.models import Occurrence, Reservation
from maisons.natures import Nature


class EvenementNature(Nature):
    key = Occurrence.NATURE
    label, plural = "Événement", "Événements"

    def url(self, creneau):
        occurrence = Occurrence.objects.select_related("evenement").get(pk=creneau.pk)
        return occurrence.evenement.get_absolute_url()


class ReservationNature(Nature):
    key = Reservation.NATURE
    label, plural = "Réservation", "Réservations"
    public = False

    def url(self, creneau):
        return Reservation.objects.get(pk=creneau.pk).get_absolute_url()

    def tell(self, creneau, what, **context):
        courriers.tell(creneau, what, **context)
