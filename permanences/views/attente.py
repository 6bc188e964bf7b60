"""The page that waits for somebody without an account to read their mail."""

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from comptes import connus, limites
from comptes.forms import ChiffresForm, CourrielForm
from maisons import attente
from permanences import disponibilites
from permanences import rendez_vous as writer
from permanences.models import RendezVous
from permanences.views.prise import once


@require_http_methods(["GET", "HEAD", "POST"])
def waiting(request, jeton):
    """Found by the token of the form that began it, which nobody else has; its code is unsaid."""
    row = get_begun(jeton)
    digits = ChiffresForm()
    address = CourrielForm(initial={"courriel": row.courriel})
    if request.method == "POST" and row.unproved:
        if request.POST.get("etape") == "corriger":
            address = CourrielForm(request.POST)
            done = corrected(request, address, row)
        else:
            digits = ChiffresForm(request.POST)
            done = confirmed(request, digits, row)
        if done:
            return redirect(*done)
        row = get_begun(jeton)
    lost, permanence = as_it_stands(row), row.vacation.permanence
    near = disponibilites.nearest(disponibilites.offered([permanence]), row.debut) if lost else []
    form = address if address.errors else digits
    context = {
        "rendez_vous": row,
        "permanence": permanence,
        "maison": row.vacation.maison,
        "digits": digits,
        "address": address,
        "form": form,
        "tries": attente.left(row),
        "lost": lost,
        "alternatives": once(near),
    }
    return render(request, "permanences/attente.html", context, status=limites.status(form))


def get_begun(jeton):
    begun = RendezVous.objects.filter(compte=None, anonymise_le=None).exclude(courriel="")
    dates = "vacation__permanence__service", "vacation__maison", "vacation__salle"
    return get_object_or_404(begun.select_related(*dates), jeton=jeton)


def confirmed(request, form, row):
    """Where to go once the six digits are right and the place is taken; else errors."""
    if not attente.confirmed(request, form, row, writer.confirm):
        return None
    connus.remember(request, row)
    return "comptes:code_open", row.code


def corrected(request, form, row):
    """Where to go once the message has been written again; else errors."""
    if not attente.corrected(request, form, row, writer.send_again):
        return None
    return "permanences:attente", row.jeton


def as_it_stands(row):
    """
    A place kept past its time: waiting still while it is free, else expired; whether it is lost.

    Nothing is written: whoever confirms takes it again.
    """
    if not row.late:
        return False
    row.mark_open()
    try:
        writer.foresee(row)
    except ValidationError:
        row.etat, row.annule_le = RendezVous.Etat.EXPIRE, timezone.now()
        return True
    return False
