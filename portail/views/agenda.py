from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from maisons import natures
from maisons.models import Creneau, Maison
from portail.agenda import PARAMETERS, Agenda, coming_days
from portail.cache import same_for_all
from portail.forms import MonQuartierForm
from portail.mois import Month
from quartiers.carte import draw
from quartiers.models import Quartier

HELP = "permanences"  # of `?vers=`: where one goes once a quartier is chosen


@require_safe
@same_for_all()
def accueil(request):
    quartiers, maisons = list(Quartier.objects.all()), list(Maison.objects.all())
    context = {
        "carte": draw(quartiers, maisons),
        "quartiers": quartiers,
        "maisons": maisons,
        "groups": [(q, [m for m in maisons if m.quartier_id == q.pk]) for q in quartiers],
        "days": coming_days(Creneau.objects.all()),
    }
    return render(request, "portail/accueil.html", context)


@require_safe
@same_for_all(*PARAMETERS)
def agenda(request):
    found = Agenda(request.GET, request.version)
    context = {"agenda": found, "ville": found.ville}
    if found.month:
        return render(request, "portail/agenda_mois.html", context | {"mois": Month(found)})
    return render(request, "portail/agenda.html", context)


@require_safe
def agenda_entry(request, pk):
    """A row of the agenda leads to the thing of which it is a date."""
    creneau = get_object_or_404(Creneau.objects.public(), pk=pk)
    return redirect(natures.registry()[creneau.nature].url(creneau))


@require_http_methods(["GET", "HEAD", "POST"])
def mon_quartier(request):
    """
    To the agenda of the quartier kept in the session, or to the choice of one.

    The agenda itself stays the same for all: a quartier is kept once somebody has chosen it. With
    `?vers=permanences`, to what is near it there; the rest of the address goes along.
    """
    kept = request.session.get("quartier")
    if "oublier" in request.POST:
        request.session.pop("quartier", None)
        return redirect(request.get_full_path())
    if kept and request.method != "POST" and "changer" not in request.GET:
        return redirect(of_quartier(kept, request.GET))
    data = request.POST if request.method == "POST" else None
    form = MonQuartierForm(data, initial={"quartier": kept})
    if form.is_valid():
        request.session["quartier"] = form.cleaned_data["quartier"].slug
        return redirect(of_quartier(request.session["quartier"], request.GET))
    context = {"form": form, "kept": kept, "vers": request.GET.get("vers") == HELP}
    return render(request, "portail/mon_quartier.html", context)


def of_quartier(slug, asked):
    if asked.get("vers") != HELP:
        return reverse("portail:agenda", query={"quartier": slug})
    kept = {name: asked[name] for name in asked if name not in ("vers", "changer")}
    return reverse("permanences:permanence_list", query=kept | {"pres_de": slug})
