"""What codes open: a booking, without an account; an invitation."""

from django.urls import reverse

from maisons.models import InvitationAffectation, Reservation
from maisons.views import acte, invitation


def address(reservation):
    return reverse("comptes:code_open", args=[reservation.code])


class ReservationAccess:
    model = Reservation

    def show(self, request, reservation, name):
        above = "J’ai un code", reverse("comptes:code")
        place = acte.Place(address(reservation), *above, address)
        return acte.show(request, reservation, name, place)


class InvitationAccess:
    model = InvitationAffectation

    def show(self, request, row, name):
        return invitation.show(request, row, name)
