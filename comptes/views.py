from allauth.account.views import email as allauth_email
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptes import appareils, codes, donnees_personnelles, limites
from comptes.forms import AccesForm, NomForm


@login_required
@require_http_methods(["GET", "POST"])
def nom_change(request):
    form = NomForm(request.POST or None, instance=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, "Votre nom est enregistré.")
        return redirect("portail:mon_espace")
    return render(request, "comptes/nom_change.html", {"form": form})


@login_required
def email_change(request):
    """The page of allauth, for the one act that ours offers: the others send without any limit."""
    if request.method == "POST" and "action_add" not in request.POST:
        return redirect("account_email")
    return allauth_email(request)


@login_required
@require_safe
def appareil_list(request):
    return render(request, "comptes/appareil_list.html", {"appareils": appareils.of(request)})


@login_required
@require_POST
def appareil_end(request, pk):
    get_object_or_404(UserSession, user=request.user, pk=pk).end()
    messages.success(request, "Cet appareil est déconnecté.")
    return redirect("comptes:appareil_list")


@login_required
@require_POST
def appareil_end_all(request):
    appareils.end_all(request.user)
    logout(request)
    messages.success(request, "Vous êtes déconnecté partout, ici aussi.")
    return redirect("account_login")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def donnees(request):
    """What is kept of whoever is signed in, nobody else: as a table, as a file."""
    if request.method != "POST":
        context = {"gardees": donnees_personnelles.registry()}
        return render(request, "comptes/donnees.html", context)
    response = JsonResponse(
        donnees_personnelles.export(request.user),
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )
    response["Content-Disposition"] = 'attachment; filename="mes-donnees.json"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def code(request):
    """Type a code: the right one leads to its page."""
    if request.method != "POST":
        return code_page(request, AccesForm())
    form = AccesForm(request.POST)
    if found := find(request, form):
        return redirect("comptes:code_open", found[1].code)
    return code_page(request, form)


def code_open(request, code, acte=""):
    """The page of what a code opens, or an act on it: both are the domain's."""
    form = AccesForm({"code": code})
    if found := find(request, form):
        access, row = found
        return access.show(request, row, acte)
    return code_page(request, form, unless_limited=404)


def find(request, form):
    """What the typed code opens, and the row; else None, a sentence in the form, one try less."""
    if not form.is_valid():
        return None
    try:
        limites.check(request, "code")
        if found := codes.find(form.cleaned_data["code"]):
            return found
        limites.count(request, "code")
    except limites.TooMany as error:
        form.add_error("code", error)
    else:
        form.add_error("code", "Ce code n’ouvre rien. Vérifiez les douze signes, ou appelez-nous.")
    return None


def code_page(request, form, unless_limited=200):
    answered = max(limites.status(form), unless_limited)
    return render(request, "comptes/code.html", {"form": form}, status=answered)
