from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from maisons.disponibilites import ROOMS_ON_A_PAGE, day_of_rooms
from maisons.models import Maison, Salle
from maisons.recherche import RoomSearch


@require_safe
def planning(request, slug):
    """The rooms of a house on one day, free spans as links."""
    maison = get_object_or_404(Maison, slug=slug)
    page = Paginator(maison.salles.all(), ROOMS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = day_of_rooms(maison, list(page), request.GET.get("jour", ""))
    context |= {"page": page, "kept": f"jour={context['day'].isoformat()}&"}
    return render(request, "maisons/planning.html", context)


@require_safe
def salle_search(request):
    search = RoomSearch(request.GET)
    page = Paginator(search.results, ROOMS_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "maisons/salle_search.html", {"search": search, "page": page})


@require_safe
def salle(request, maison_slug, salle_slug):
    room = get_room(maison_slug, salle_slug)
    context = day_of_rooms(room.maison, [room], request.GET.get("jour", ""))
    context |= {"salle": room, "first_free": context["frees"][room.pk]}
    return render(request, "maisons/salle.html", context)


def get_room(maison_slug, salle_slug):
    rooms = Salle.objects.select_related("maison__quartier", "partie_de")
    return get_object_or_404(rooms, maison__slug=maison_slug, slug=salle_slug)
