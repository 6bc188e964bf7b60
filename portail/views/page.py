from django.contrib.auth.decorators import login_required
from django.db import Error
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from comptes import limites
from conseils.models import Conseil
from maisons.models import Maison, Reservation
from notifications import remise
from notifications.models import Repere
from permanences.models import Service
from portail.forms import RemarqueForm
from portail.journal import mask
from portail.models import Remarque
from quartiers.models import Quartier


@require_http_methods(["GET", "HEAD", "POST"])
def remarque(request):
    """« Cette page vous a-t-elle aidé ? », at the end of what people come for."""
    if "merci" in request.GET:
        return render(request, "portail/remarque.html", {"form": None})
    page = mask(request.GET.get("page", "/"))[:200]
    form = RemarqueForm(request.POST or None, instance=Remarque(page=page))
    if form.is_valid():
        limites.count(request, "remarque")
        form.save()
        return redirect(f"{request.path}?merci")
    return render(request, "portail/remarque.html", {"form": form, "page": page})


@login_required
@require_safe
def mon_espace(request):
    mine = Reservation.objects.owned_by(request.user).upcoming().order_by("debut", "pk")
    context = {"reservations": mine.select_related("salle", "maison")[:5]}
    return render(request, "portail/mon_espace.html", context)


@require_safe
def plan_du_site(request):
    context = {
        "maisons": Maison.objects.all(),
        "conseils": Conseil.objects.all(),
        "services": Service.objects.public().only("nom", "slug"),
        "quartiers": Quartier.objects.all(),
    }
    return render(request, "portail/plan_du_site.html", context)


@require_safe
def sante(request):
    """For whoever watches the service: 200 and "ok", or 503 when the database does not answer."""
    try:
        held, waited = Repere.objects.held(), remise.longest_wait()
    except Error:
        return JsonResponse({"base": "en panne"}, status=503)
    leaving = "retenus" if held else "ok"
    return JsonResponse({"base": "ok", "envois": leaving, "plus_longue_attente_s": waited})
