from django.shortcuts import render
from django.views.decorators.http import require_safe

from portail.recherche.points import Points
from portail.recherche.reponse import Liste, Reponse


@require_safe
def recherche(request):
    if "dans" in request.GET:
        return render(request, "portail/recherche_liste.html", {"liste": Liste(request.GET)})
    return render(request, "portail/recherche.html", {"reponse": Reponse(request.GET)})


@require_safe
def conseils(request):
    """In the agendas of the councils, item by item."""
    return render(request, "portail/conseils_recherche.html", {"points": Points(request.GET)})
