"""The page that waits for somebody without an account to read their mail."""

from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from associations import inscriptions as writer
from associations.models import Dossier
from comptes import connus, limites
from comptes.forms import ChiffresForm, CourrielForm
from maisons import attente


@require_http_methods(["GET", "HEAD", "POST"])
def waiting(request, jeton):
    """Found by the token of the form that began it, which nobody else has; its code is unsaid."""
    dossier = get_begun(jeton)
    digits = ChiffresForm()
    address = CourrielForm(initial={"courriel": dossier.courriel})
    if request.method == "POST" and dossier.unproved:
        if request.POST.get("etape") == "corriger":
            address = CourrielForm(request.POST)
            done = corrected(request, address, dossier)
        else:
            digits = ChiffresForm(request.POST)
            done = confirmed(request, digits, dossier)
        if done:
            return redirect(*done)
        dossier = get_begun(jeton)
    rows = list(dossier.lines())
    form = address if address.errors else digits
    context = {
        "dossier": dossier,
        "rows": rows,
        "activite": rows[0].activite,
        "maison": rows[0].activite.maison,
        "until": dossier.kept_until(rows),
        "digits": digits,
        "address": address,
        "form": form,
        "tries": attente.left(dossier),
    }
    return render(request, "associations/attente.html", context, status=limites.status(form))


def get_begun(jeton):
    begun = Dossier.objects.filter(compte=None, anonymise_le=None).exclude(courriel="")
    return get_object_or_404(begun.filter(saisi_par=None), jeton=jeton)


def confirmed(request, form, dossier):
    """Where to go once the six digits are right; else errors."""
    if not attente.confirmed(request, form, dossier, writer.confirm):
        return None
    connus.remember(request, dossier)
    return "comptes:code_open", dossier.code


def corrected(request, form, dossier):
    """Where to go once the message has been written again; else errors."""
    if not attente.corrected(request, form, dossier, writer.send_again):
        return None
    return "associations:attente", dossier.jeton
