"""What codes open: an invitation to hold a permanence, an appointment, a question to an élu."""

from django.urls import reverse

from maisons.acces import InvitationAccess
from permanences.models import InvitationIntervenant, QuestionElu, RendezVous
from permanences.views import question, rendez_vous


class IntervenantAccess(InvitationAccess):
    model = InvitationIntervenant


class RendezVousAccess:
    model = RendezVous

    def show(self, request, row, name):
        row = rendez_vous.readable().get(pk=row.pk)
        address = reverse("comptes:code_open", args=[row.code])
        place = rendez_vous.Place(address, "J’ai un code", reverse("comptes:code"))
        return rendez_vous.show(request, row, name, place)


class QuestionAccess:
    model = QuestionElu

    def show(self, request, row, name):
        return question.show(request, row, name)
