from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from comptes import limites
from comptes.forms import ChiffresForm
from notifications import suivi
from notifications.forms import SuivreForm
from notifications.models import Abonnement
from notifications.sujets import registry


def follow_page(request, sujet, template, context, over=False):
    """
    Where one follows something: one button with an account, an address without.

    `context` is what its page shows; nothing can be asked for once it is over.
    """
    if request.user.is_authenticated:
        return with_account(request, sujet, template, context, over)
    form = SuivreForm(request.POST or None)
    if not over and form.is_valid():
        courriel = form.cleaned_data["courriel"]
        try:
            limites.count(request, "suivre", contact=courriel)
        except limites.TooMany as error:
            form.add_error(None, error)
        else:
            return redirect("notifications:attente", suivi.ask(sujet, courriel).jeton)
    context |= {"form": form}
    return render(request, template, context, status=limites.status(form))


def with_account(request, sujet, template, context, over):
    mine = suivi.followed_by(request.user).filter(sujet=sujet)
    if request.method == "POST":
        if request.POST.get("faire") == "arreter":
            mine.delete()
            this = registry()[sujet.partition(":")[0]].this
            messages.success(request, f"Vous ne suivez plus {this}.")
        elif not over:
            suivi.follow(sujet, request.user)
        return redirect(request.path)
    return render(request, template, context | {"followed": mine.exists()})


@require_http_methods(["GET", "HEAD", "POST"])
def attente(request, jeton):
    """Waits for somebody to read their mail; found by a token that each demand makes anew."""
    row = get_object_or_404(Abonnement.objects.filter(compte=None), jeton=jeton)
    form = ChiffresForm(request.POST or None)
    if form.is_valid():
        try:
            limites.count(request, "six")
        except limites.TooMany as error:
            form.add_error(None, error)
        else:
            if suivi.matches(row, form.cleaned_data["chiffres"]):
                suivi.confirm(row)
                return redirect("comptes:code_open", row.code)
            form.add_error("chiffres", "Ce code n’est pas le bon. Ou ouvrez le lien du message.")
    context = {"courriel": row.courriel, "form": form}
    return render(request, "notifications/attente.html", context, status=limites.status(form))


@csrf_exempt  # mail programs post here by themselves (RFC 8058); the address is the secret
@require_http_methods(["GET", "HEAD", "POST"])
def arreter(request, jeton):
    """Ends letters at once on POST; a GET, as scanners of mail do it, shows the button."""
    ours, row = suivi.stopped(jeton)
    if not ours:
        raise Http404
    found = suivi.told([row]) if row else []
    if request.method == "POST" and row:
        row.delete()
    over = request.method == "POST" or row is None
    context = {"arrete": over, "sujet": found[0][1] if found else None}
    return render(request, "notifications/arreter.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request):
    """Necessary messages, which cannot be switched off, apart from letters, each with its end."""
    mine = suivi.followed_by(request.user)
    if request.method == "POST":
        key = request.POST.get("arreter", "")
        rows = mine.filter(pk=int(key)) if key.isdecimal() and len(key) < 19 else mine.none()
        if not rows.delete()[0]:
            raise Http404
        messages.success(request, "C’est fait : ces lettres n’arriveront plus.")
        return redirect(request.path)
    return render(request, "notifications/preferences.html", {"lettres": suivi.told(mine)})
