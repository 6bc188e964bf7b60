from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from comptes import limites
from maisons.models import Evenement
from maisons.suivre import subject
from notifications import suivi
from notifications.forms import SuivreForm


@require_http_methods(["GET", "HEAD", "POST"])
def suivre(request, slug):
    """Follow an event: one button with an account, an address without."""
    event = get_object_or_404(Evenement.objects.public().select_related("maison"), slug=slug)
    coming = event.occurrences.holding().filter(debut__gt=timezone.now()).order_by("debut")
    context = {"evenement": event, "maison": event.maison, "date": coming.first()}
    if request.user.is_authenticated:
        return with_account(request, context)
    form = SuivreForm(request.POST or None)
    if context["date"] and form.is_valid():
        courriel = form.cleaned_data["courriel"]
        try:
            limites.count(request, "suivre", contact=courriel)
        except limites.TooMany as error:
            form.add_error(None, error)
        else:
            row = suivi.ask(subject(event.pk), courriel)
            return redirect("notifications:attente", row.jeton)
    context["form"] = form
    return render(request, "maisons/suivre.html", context, status=limites.status(form))


def with_account(request, context):
    mine = suivi.followed_by(request.user).filter(sujet=subject(context["evenement"].pk))
    if request.method == "POST":
        if request.POST.get("faire") == "arreter":
            mine.delete()
            messages.success(request, "Vous ne suivez plus cet événement.")
        elif context["date"]:
            suivi.follow(subject(context["evenement"].pk), request.user)
        return redirect(request.path)
    return render(request, "maisons/suivre.html", context | {"followed": mine.exists()})
