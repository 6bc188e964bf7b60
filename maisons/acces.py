"""What the code of a booking opens, without an account."""

from django.urls import reverse

from maisons.models import Reservation
from maisons.views import acte


def address(reservation):
    return reverse("comptes:code_open", args=[reservation.code])


class ReservationAccess:
    model = Reservation

    def show(self, request, reservation, name):
        above = "J’ai un code", reverse("comptes:code")
        place = acte.Place(address(reservation), *above, address)
        return acte.show(request, reservation, name, place)
