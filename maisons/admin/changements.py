"""What the desk changes of a booking; each page tells what it does, and who is told of it."""

from copy import copy

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from maisons import heures, planning
from maisons.admin.dates import HOUR, asked
from maisons.admin.refus import WordField
from maisons.admin.reponses import AnswersAdmin
from maisons.disponibilites import ROOMS_ON_A_PAGE, Disponibilites, days_around, parse_day
from maisons.forms import MomentForm
from maisons.models import Creneau, Salle
from maisons.models.reservation import OUTSIDE_HOURS

Motif = Creneau.Motif
MOTIFS = {
    Motif.DEMANDE: "la personne le demande",
    Motif.FERMETURE: "la maison ou la salle ferme",
    Motif.ORGANISATION: "la maison a besoin de la salle",
}
SPANS_SHOWN = 20
PASSED = "Cette réservation est passée."


class MoveForm(MomentForm):
    """Another day, other hours to the minute, another room of the house."""

    salle = forms.ModelChoiceField(Salle.objects.none(), label="Salle", empty_label=None)
    de = forms.TimeField(label="De", widget=HOUR)
    a = forms.TimeField(label="À", widget=HOUR)
    outside_hours = forms.BooleanField(label=OUTSIDE_HOURS, required=False)
    field_order = ["salle"]

    def __init__(self, *args, maison, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["salle"].queryset = maison.salles.all()

    @property
    def place(self):
        return {name: self.cleaned_data[name] for name in ("salle", "debut", "fin")}


class CancelForm(forms.Form):
    motif = forms.ChoiceField(
        label="Motif",
        choices=[("", "Choisir dans la liste"), *MOTIFS.items()],
        error_messages={"required": "Choisissez un motif."},
    )
    reponse = WordField()


class ChangesAdmin(AnswersAdmin):
    """One booking moved, cancelled, or noted as a no-show."""

    def get_urls(self):
        guard = self.admin_site.admin_view
        pages = [
            path("<int:pk>/deplacer/", guard(self.move), name="maisons_reservation_move"),
            path("<int:pk>/annuler/", guard(self.cancel), name="maisons_reservation_cancel"),
            path("<int:pk>/absence/", guard(self.absence), name="maisons_reservation_absence"),
        ]
        return pages + super().get_urls()

    def changeable(self, request, pk):
        """(the booking, why nothing can be changed any more)."""
        reservation = self.answerable(request, pk)
        if not reservation.alive:
            return reservation, planning.DEJA_ANNULE
        return reservation, PASSED if reservation.fin <= timezone.now() else ""

    def back(self, request, reservation, sentence, level=messages.SUCCESS):
        messages.add_message(request, level, sentence)
        return redirect("admin:maisons_reservation_change", reservation.pk)

    @method_decorator(require_http_methods(["GET", "POST"]))
    def move(self, request, pk):
        """Longer, shorter, elsewhere: the old span is free once the new one is held."""
        reservation, closed = self.changeable(request, pk)
        if closed:
            return self.back(request, reservation, closed, messages.ERROR)
        initial = {"salle": reservation.salle_id} | asked(reservation) | request.GET.dict()
        form = MoveForm(request.POST or None, maison=reservation.maison, initial=initial)
        if form.is_valid():
            moved = copy(reservation)  # a refusal leaves what the page shows as it was
            moved.at_desk, moved.outside_hours = True, form.cleaned_data["outside_hours"]
            try:
                planning.move(moved, by=request.user, **form.place)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                told = f"déplacée : {moved.salle}, {heures.span(moved.debut, moved.fin)}"
                self.note(request, moved, told)
                return self.back(request, moved, f"Réservation {told}.")
        title = f"Déplacer la réservation de {reservation.person}"
        free = self.free_spans(reservation, parse_day(str(form["jour"].value())))
        return self.page(
            request, "deplacer", title=title, reservation=reservation, form=form, **free
        )

    def free_spans(self, reservation, day):
        """What is free on a day in the rooms of the house, for as long as the booking."""
        day = day or timezone.localdate(reservation.debut)
        known = Disponibilites(reservation.maison, day)
        length = reservation.fin - reservation.debut
        rooms = reservation.maison.salles.filter(reservable=True)[:ROOMS_ON_A_PAGE]
        spans = [span for room in rooms for span in known.free(room, day)]
        free = [(s, s.debut + length) for s in spans if s.debut + length <= s.fin]
        return {"day": day, "days": days_around(day), "free": free[:SPANS_SHOWN]}

    @method_decorator(require_http_methods(["GET", "POST"]))
    def cancel(self, request, pk):
        reservation, closed = self.changeable(request, pk)
        if closed:
            return self.back(request, reservation, closed, messages.ERROR)
        form = CancelForm(request.POST or None)
        if form.is_valid():
            try:
                planning.cancel(copy(reservation), by=request.user, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                self.note(request, reservation, "annulée")
                return self.back(
                    request, reservation, "Réservation annulée, la salle est libre à nouveau."
                )
        title = f"Annuler la réservation de {reservation.person}"
        return self.page(
            request, "annuler_reservation", title=title, reservation=reservation, form=form
        )

    @method_decorator(require_http_methods(["GET", "POST"]))
    def absence(self, request, pk):
        """Nobody came; the same page takes it back."""
        reservation = self.answerable(request, pk)
        if request.method == "POST":
            absent = request.POST.get("absent") == "oui"
            try:
                planning.note_absence(copy(reservation), by=request.user, absent=absent)
            except ValidationError as error:
                return self.back(request, reservation, error.messages[0], messages.ERROR)
            told = "personne n’est venu" if absent else "absence retirée"
            self.note(request, reservation, told)
            return self.back(request, reservation, f"C’est noté : {told}.")
        title = f"Réservation de {reservation.person} : personne n’est venu"
        return self.page(request, "absence", title=title, reservation=reservation)
