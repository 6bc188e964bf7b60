"""What the code of a booking opens, without an account."""

from django.urls import reverse

from maisons.models import Reservation
from maisons.views import acte


class ReservationAccess:
    model = Reservation

    def show(self, request, reservation, name):
        address = reverse("comptes:code_open", args=[reservation.code])
        place = acte.Place(address, "J’ai un code", reverse("comptes:code"))
        return acte.show(request, reservation, name, place)
