"""The pages of the front desk, which are of a house rather than of one row."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import site
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from maisons import brouillons, guichet, personnes
from maisons.admin.saisie import DeskForm, answers_of
from maisons.disponibilites import ROOMS_ON_A_PAGE, parse_day
from maisons.lecture import read_aloud
from maisons.models import Maison, Reservation


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


def houses(request):
    """Those whose desk this person holds; for all others these pages are nowhere."""
    if not request.user.has_perm("maisons.change_reservation"):
        raise Http404
    return Maison.objects.managed_by(request.user)


def page(request, template, **context):
    return render(request, f"maisons/gestion/{template}.html", site.each_context(request) | context)


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
        context, step = guichet.day_tracks(maison, list(rooms), day), timedelta(days=1)
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
    monday = day - timedelta(days=day.weekday())
    shown = guichet.week_tracks(maison, room, monday)
    return shown | {"week": monday, "rooms": rooms, "room": room}


@require_http_methods(["GET", "POST"])
def guichet_create(request, slug):
    """
    Book for somebody, on one screen; each button of the form says what it does in `etape`.

    What is typed travels by POST alone: names and numbers stay out of addresses and their logs.
    """
    maison = get_object_or_404(houses(request), slug=slug)
    step, _, known = request.POST.get("etape", "").partition(":")
    answers = answers_of(request.POST)
    if request.method == "GET":
        drafts = brouillons.kept(request.session, maison)
        answers = drafts.get(request.GET.get("reprendre"), answers_of(request.GET))
        return form_page(request, maison, answers)
    if step == "cote":
        brouillons.keep(request.session, maison, answers.get("jeton", ""), answers)
        messages.success(request, "La demande est mise de côté jusqu’à ce soir.")
        return redirect("admin:planning_maison", slug)
    if step == "effacer":
        brouillons.discard(request.session, answers.get("jeton", ""))
        messages.success(request, "La demande mise de côté est effacée.")
        return redirect("admin:planning_maison", slug)
    if step == "chercher":
        wanted = answers.get("nom") or answers.get("contact", "")
        found = personnes.search(request.user, wanted)
        return form_page(request, maison, answers, searched=wanted, found=found)
    person = personnes.known_as(request.user, known)
    answers |= person
    if step == "reprendre":
        return form_page(request, maison, answers)
    sure = step == "autre" or (step == "meme" and bool(person))
    return guichet_book(request, maison, answers, sure)


def guichet_book(request, maison, answers, sure):
    form = DeskForm(answers, maison=maison)
    if not form.is_valid():
        return form_page(request, maison, answers, form=form)
    mine = Reservation.objects.managed_by(request.user).filter(saisie_par=request.user)
    booked = mine.filter(jeton=form.cleaned_data["jeton"]).first()
    known = booked or sure
    doubles = [] if known else personnes.likely_doubles(request.user, form.instance)
    if doubles:
        return form_page(request, maison, answers, doubles=doubles)
    try:
        booked = booked or guichet.book_for(form.instance, by=request.user)
    except ValidationError as error:  # refused by a rule, or sent twice at once
        booked = mine.filter(jeton=form.cleaned_data["jeton"]).first()
        if booked is None:
            form.add_error(None, error)
            return form_page(request, maison, answers, form=form)
    brouillons.discard(request.session, str(booked.jeton))
    return redirect("admin:guichet_done", booked.maison.slug, booked.pk)


def form_page(request, maison, answers, form=None, **found):
    answers = {"jeton": str(uuid.uuid4())} | answers
    form = form or DeskForm(initial=answers, maison=maison)
    if not (form.errors or found):  # else what is told above takes the focus
        form.fields["nom"].widget.attrs["autofocus"] = True
    context = {"searched": "", "found": [], "doubles": []} | found
    return page(
        request,
        "reserver",
        title="Réserver pour quelqu’un",
        maison=maison,
        form=form,
        kept=answers["jeton"] in brouillons.kept(request.session, maison),
        back=parse_day(answers.get("jour", "")) or timezone.localdate(),
        **context,
    )


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
        maison=reservation.maison,
        code_url=f"{settings.SITE_URL}/code/",
    )
