"""The page that waits for somebody without an account to read their mail."""

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_http_methods

from associations import adresses
from associations import inscriptions as writer
from associations.models import Dossier
from associations.views.dossier import name_each
from comptes import connus, limites
from comptes.forms import ChiffresForm, CourrielForm
from maisons import attente


@require_http_methods(["GET", "HEAD", "POST"])
def waiting(request, jeton):
    """Found by the token of the form that began it, which nobody else has; its code is unsaid."""
    dossier = get_begun(jeton)
    digits = ChiffresForm()
    written_to = dossier.courriel_propose or dossier.courriel
    address = CourrielForm(initial={"courriel": written_to})
    if request.method == "POST" and dossier.awaited:
        if request.POST.get("etape") == "corriger":
            address = CourrielForm(request.POST)
            done = corrected(request, address, dossier)
        else:
            digits = ChiffresForm(request.POST)
            done = confirmed(request, digits, dossier)
        if done:
            return redirect(*done)
        dossier = get_begun(jeton)
        written_to = dossier.courriel_propose or dossier.courriel
    rows = list(dossier.lines())
    name_each(rows, connus.knows(request, dossier))
    form = address if address.errors else digits
    context = {
        "dossier": dossier,
        "written_to": written_to,
        "rows": rows,
        "activite": rows[0].activite,
        "maison": rows[0].activite.maison,
        "until": dossier.kept_until(rows),
        "seated": any(row.place for row in rows),
        "digits": digits,
        "address": address,
        "form": form,
        "tries": attente.left(dossier),
    }
    return render(request, "associations/attente.html", context, status=limites.status(form))


@require_http_methods(["GET", "HEAD", "POST"])
def address(request, jeton, preuve):
    """What the message to another address opens, in any browser: its button replaces the first."""
    dossier = get_begun(jeton)
    if not (dossier.courriel_propose and constant_time_compare(preuve, adresses.proof(dossier))):
        return redirect("associations:attente", jeton)
    if request.method != "POST":
        activite = dossier.lines()[0].activite
        context = {"dossier": dossier, "activite": activite, "maison": activite.maison}
        return render(request, "associations/dossier_address.html", context)
    try:
        adresses.confirm(dossier)
    except ValidationError:  # given up or changed meanwhile: that page says so
        return redirect("associations:attente", jeton)
    connus.remember(request, dossier)
    return redirect("comptes:code_open", dossier.code)


def get_begun(jeton):
    """Staff have the token of the form that they filled in: it opens what they propose alone."""
    begun = Dossier.objects.filter(compte=None, anonymise_le=None)
    proposed = ~Q(courriel_propose="")
    begun = begun.filter(proposed | Q(saisi_par=None) & ~Q(courriel=""))
    return get_object_or_404(begun, jeton=jeton)


def confirmed(request, form, dossier):
    """Where to go once the six digits are right; else errors."""
    confirm = writer.confirm if dossier.unproved else adresses.confirm
    if not attente.confirmed(request, form, dossier, confirm):
        return None
    connus.remember(request, dossier)
    return "comptes:code_open", dossier.code


def corrected(request, form, dossier):
    """Where to go once the message has been written again; else errors."""
    write = writer.send_again if dossier.unproved else adresses.propose
    if not attente.corrected(request, form, dossier, write):
        return None
    return "associations:attente", dossier.jeton
