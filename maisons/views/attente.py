"""The page that waits for somebody without an account to read their mail."""

import uuid

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_http_methods

from comptes import limites
from comptes.joignable import dialled
from maisons import attente
from maisons import planning as writer
from maisons.disponibilites import alternatives
from maisons.forms import ChiffresForm, CourrielForm, SansCompteForm
from maisons.journee import filled_in
from maisons.models import Reservation


@require_http_methods(["GET", "HEAD", "POST"])
def waiting(request, jeton):
    """Found by the token of the form that began it, which nobody else has; its code is unsaid."""
    booking = get_begun(jeton)
    digits = ChiffresForm()
    address = CourrielForm(initial={"courriel": written_to(booking)})
    if request.method == "POST" and awaited(booking):
        if request.POST.get("etape") == "corriger":
            address = CourrielForm(request.POST)
            done = corrected(request, address, booking)
        else:
            digits = ChiffresForm(request.POST)
            done = confirmed(request, digits, booking)
        if done:
            return redirect(*done)
        booking.refresh_from_db()
    lost = as_it_stands(booking)
    form = address if address.errors else digits
    context = {
        "reservation": booking,
        "maison": booking.maison,
        "digits": digits,
        "address": address,
        "form": form,
        "tries": attente.left(booking),
        "written_to": written_to(booking),
        **(other_spans(booking) if lost else {}),
    }
    return render(request, "maisons/attente.html", context, status=limites.status(form))


@require_http_methods(["GET", "HEAD", "POST"])
def address(request, jeton, preuve):
    """What the message to another address opens, in any browser: its button replaces the first."""
    booking = get_begun(jeton)
    proposed = booking.alive and booking.courriel_propose
    if not (proposed and constant_time_compare(preuve, attente.proof(booking))):
        return redirect("maisons:attente", jeton)
    if request.method != "POST":
        context = {"reservation": booking, "maison": booking.maison}
        return render(request, "maisons/reservation_address.html", context)
    try:
        writer.confirm_address(booking)
    except ValidationError:  # cancelled or changed meanwhile: that page says so
        return redirect("maisons:attente", jeton)
    return redirect("comptes:code_open", booking.code)


def get_begun(jeton):
    begun = Reservation.objects.filter(demandeur=None).exclude(courriel="", courriel_propose="")
    return get_object_or_404(begun.select_related("salle", "maison"), jeton=jeton)


def written_to(booking):
    return booking.courriel_propose or booking.courriel


def awaited(booking):
    """Whether somebody must still answer: at the first address, or at another one proposed."""
    return booking.unproved or bool(booking.alive and booking.courriel_propose)


def confirmed(request, form, booking):
    """Where to go once the six digits are right and the booking is made; else errors."""
    confirm = writer.confirm_contact if booking.unproved else writer.confirm_address
    if not attente.confirmed(request, form, booking, confirm):
        return None
    return "comptes:code_open", booking.code


def corrected(request, form, booking):
    """Where to go once the message has been written again; else errors."""
    write = writer.send_again if booking.unproved else writer.propose_address
    if not attente.corrected(request, form, booking, write):
        return None
    return "maisons:attente", booking.jeton


def as_it_stands(booking):
    """
    A hold past its time: waiting still while its room is free, else expired; whether it is lost.

    Nothing is written: whoever confirms takes the room again.
    """
    if not booking.late:
        return False
    booking.mark_open()
    try:
        writer.foresee(booking)
    except ValidationError:
        booking.etat = Reservation.Etat.EXPIREE
        booking.annule_le = timezone.now()
        return True
    return False


def other_spans(booking):
    """The nearest free spans, and the form with what was typed, to take one of them."""
    typed = {name: getattr(booking, name) for name in ("nom", "courriel", "usage", "personnes")}
    typed["jeton"] = uuid.uuid4()
    typed["telephone"] = dialled(booking.telephone)
    others = alternatives(booking, most=4)
    if booking.etat == Reservation.Etat.REFUSEE:  # its own span is free again
        own = booking.salle, booking.debut, booking.fin
        others = [found for found in others if found != own]
    return {
        "alternatives": others[:3],
        "again": SansCompteForm(initial=typed | filled_in(booking.debut, booking.fin)),
    }
