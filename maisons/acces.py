"""What the code of a booking opens, without an account."""

from django.http import Http404
from django.shortcuts import render

from maisons.models import Reservation


class ReservationAccess:
    model = Reservation

    def show(self, request, reservation, acte):
        if acte:
            raise Http404
        context = {"reservation": reservation, "maison": reservation.maison}
        return render(request, "maisons/reservation_code.html", context)
