from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from maisons.disponibilites import ROOMS_ON_A_PAGE, parse_day
from maisons.grille import PublicPlanning
from maisons.models import Maison, Salle
from maisons.recherche import RoomSearch


@require_safe
def planning(request, slug):
    """The rooms of a house, free spans as links: a day, or with `?vue=semaine` a week."""
    maison = get_object_or_404(Maison.objects.prefetch_related("salles"), slug=slug)
    page = Paginator(maison.salles.all(), ROOMS_ON_A_PAGE).get_page(request.GET.get("page"))
    shown, week = asked(request, maison, list(page))
    context = shown.week_of_house() if week else shown.day_of_rooms()
    context |= {"page": page, "week": week}
    return render(request, "maisons/planning.html", context)


def asked(request, maison, rooms):
    """The planning of some rooms as the address asks for it, and whether it is a week."""
    day, week = parse_day(request.GET.get("jour", "")), request.GET.get("vue") == "semaine"
    return PublicPlanning(maison, rooms, day, week), week


@require_safe
def salle_search(request):
    search = RoomSearch(request.GET)
    page = Paginator(search.results, ROOMS_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "maisons/salle_search.html", {"search": search, "page": page})


@require_safe
def salle(request, maison_slug, salle_slug):
    """A room: its rules, and what is free, on a day or with `?vue=semaine` over a week."""
    room = get_room(maison_slug, salle_slug)
    shown, week = asked(request, room.maison, [room])
    context = shown.week_of_room() if week else shown.day_of_rooms()
    context |= {"salle": room, "first_free": shown.frees.get(room.pk), "week": week}
    return render(request, "maisons/salle.html", context)


def get_room(maison_slug, salle_slug):
    rooms = Salle.objects.select_related("maison__quartier", "partie_de")
    return get_object_or_404(rooms, maison__slug=maison_slug, slug=salle_slug)
