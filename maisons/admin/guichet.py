"""The pages of the front desk, which are of a house rather than of one row."""

from datetime import timedelta

from django.conf import settings
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_safe

from maisons import brouillons, series
from maisons.admin.accueil import houses, page
from maisons.admin.reserver import guichet_create
from maisons.disponibilites import ROOMS_ON_A_PAGE, parse_day
from maisons.grille import day_tracks, week_around, week_tracks
from maisons.guichet import DeskPlanning
from maisons.lecture import read_aloud
from maisons.models import Reservation


def urls(admin_site):
    guard = admin_site.admin_view
    house = "planning/<slug:slug>/"
    return [
        path("planning/", guard(planning_list), name="planning"),
        path(house, guard(planning_maison), name="planning_maison"),
        path(f"{house}reserver/", guard(guichet_create), name="guichet_create"),
        path(f"{house}reserver/<int:pk>/", guard(guichet_done), name="guichet_done"),
        path(f"{house}reserver/<int:pk>/carte/", guard(guichet_card), name="guichet_card"),
    ]


@require_safe
def planning_list(request):
    mine = list(houses(request).select_related("quartier"))
    if len(mine) == 1:
        return redirect("admin:planning_maison", mine[0].slug)
    return page(request, "planning_list", title="Plannings", maisons=mine)


@require_safe
def planning_maison(request, slug):
    """A day of all the rooms, or a week of one; `?noms=0` hides who comes until `?noms=1`."""
    maison = get_object_or_404(houses(request), slug=slug)
    asked = request.GET
    if "noms" in asked:
        request.session["names"] = asked["noms"] != "0"
    today = timezone.localdate()
    day = parse_day(asked.get("jour", "")) or today
    if asked.get("vue") == "semaine":
        context, step = week_of_room(maison, asked.get("salle"), day), timedelta(days=7)
    else:
        rooms = Paginator(maison.salles.all(), ROOMS_ON_A_PAGE).get_page(asked.get("page"))
        context, step = day_tracks(DeskPlanning(maison, day), rooms, day), timedelta(days=1)
        context |= {"page": rooms, "week": None}
    context |= {
        "title": f"Planning, {maison}",
        "maison": maison,
        "day": day,
        "today": today,
        "previous": day - step,
        "next": day + step,
        "names": request.session.get("names", True),
        "drafts": brouillons.kept(request.session, maison),
    }
    return page(request, "planning", **context)


def week_of_room(maison, slug, day):
    rooms = list(maison.salles.all())
    room = next((room for room in rooms if room.slug == slug), next(iter(rooms), None))
    days = week_around(day)
    known = DeskPlanning(maison, days[0], days[-1])
    shown = week_tracks(known, room, days) if room else {"tracks": []}
    return shown | {"week": days[0], "rooms": rooms, "room": room}


def booked_or_404(request, slug, pk):
    rows = Reservation.objects.filter(maison__in=houses(request), maison__slug=slug)
    return get_object_or_404(rows.select_related("salle", "maison", "demandeur"), pk=pk)


@require_safe
def guichet_done(request, slug, pk):
    reservation = booked_or_404(request, slug, pk)
    if not reservation.has_card:  # cancelled since, or not answered yet: its own page tells it
        return redirect("admin:maisons_reservation_change", pk)
    return page(
        request,
        "reserve",
        title="C’est réservé",
        reservation=reservation,
        maison=reservation.maison,
        reachable=any(reservation.reached_at),
        season=series.season(reservation),
        told=read_aloud(reservation),
    )


@require_safe
def guichet_card(request, slug, pk):
    reservation = booked_or_404(request, slug, pk)
    if not reservation.has_card:
        return redirect("admin:maisons_reservation_change", pk)
    return page(
        request,
        "carte",
        title="Carte de réservation",
        reservation=reservation,
        season=series.season(reservation),
        maison=reservation.maison,
        code_url=f"{settings.SITE_URL}/code/",
    )
