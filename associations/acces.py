"""What codes open: an invitation to act for an association, a pass of registrations."""

from django.urls import reverse

from associations.models import Dossier, InvitationMembre
from associations.views import dossier
from maisons.acces import InvitationAccess


class MembreAccess(InvitationAccess):
    model = InvitationMembre


class DossierAccess:
    model = Dossier

    def show(self, request, row, name):
        address = reverse("comptes:code_open", args=[row.code])
        place = dossier.Place(address, "J’ai un code", reverse("comptes:code"))
        return dossier.show(request, row, name, place)
