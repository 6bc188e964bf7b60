import uuid
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from maisons import planning as writer
from maisons.disponibilites import ROOMS_ON_A_PAGE, alternatives, day_of_rooms
from maisons.forms import ReservationForm
from maisons.models import Creneau, Evenement, Maison, Reservation, Salle


@require_safe
def planning(request, slug):
    """The rooms of a house on one day, free spans as links."""
    maison = get_object_or_404(Maison, slug=slug)
    page = Paginator(maison.salles.all(), ROOMS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = day_of_rooms(maison, list(page), request.GET.get("jour", ""))
    context |= {"page": page, "kept": f"jour={context['day'].isoformat()}&"}
    return render(request, "maisons/planning.html", context)


@require_safe
def salle(request, maison_slug, salle_slug):
    room = get_room(maison_slug, salle_slug)
    context = day_of_rooms(room.maison, [room], request.GET.get("jour", ""))
    context |= {"salle": room, "first_free": context["frees"][room.pk]}
    return render(request, "maisons/salle.html", context)


def get_room(maison_slug, salle_slug):
    rooms = Salle.objects.select_related("maison__quartier", "partie_de")
    return get_object_or_404(rooms, maison__slug=maison_slug, slug=salle_slug)


@require_safe
def evenement(request, slug):
    event = get_object_or_404(Evenement.objects.public().select_related("maison"), slug=slug)
    return render(request, "maisons/evenement.html", event_page(event))


def event_page(event):
    """What the page of an event shows; the admin's preview shows the same."""
    dates = event.occurrences.select_related("maison", "salle", "quartier").order_by("debut", "pk")
    now = timezone.now()
    coming = [date for date in dates if date.fin > now]
    return {
        "evenement": event,
        "maison": event.maison,
        "dates": coming,
        "next": next(iter(coming or dates), None),
        "last": coming[-1].debut if coming else None,
        "cancelled": bool(dates) and all(date.annule_le for date in coming or dates),
    }


@require_http_methods(["GET", "POST"])
def reservation_create(request, maison_slug, salle_slug):
    """
    Form, check, confirm: three buttons of one form, which carries what was typed from page to page.

    Nothing is written before « Confirmer » ; its token makes the form sent twice one booking.
    """
    room = get_room(maison_slug, salle_slug)
    kept = {name: request.POST.get(name, "") for name in ReservationForm.base_fields}
    if not request.user.is_authenticated:
        query = urlencode(kept) if request.method == "POST" else request.GET.urlencode()
        return redirect_to_login(f"{request.path}?{query}")
    if request.method == "GET" or request.POST.get("etape") == "modifier":
        asked = request.GET if request.method == "GET" else request.POST
        form = ReservationForm(initial={"jeton": uuid.uuid4()} | asked.dict())
        return booking_page(request, "maisons/reservation_create.html", room, form)
    wanted = Reservation(maison=room.maison, salle=room, demandeur=request.user)
    form = ReservationForm(request.POST, instance=wanted)
    if form.is_valid() and request.POST.get("etape") == "confirmer":
        return reservation_confirm(request, room, form)
    if form.is_valid():
        try:
            with transaction.atomic():
                form.instance.full_clean()
                form.instance.check_rules()
        except ValidationError as error:
            form.add_error(None, error)
    page = "reservation_check" if form.is_valid() else "reservation_create"
    return booking_page(request, f"maisons/{page}.html", room, form)


def reservation_confirm(request, room, form):
    mine = Reservation.objects.owned_by(request.user)
    form.instance.settle()
    try:
        booked = writer.book(form.instance, by=request.user)
    except ValidationError as error:  # lost since the form was checked, or sent twice
        booked = mine.filter(jeton=form.cleaned_data["jeton"]).first()
        if booked is None:
            form.add_error(None, error)
            return booking_page(request, "maisons/reservation_create.html", room, form)
    return redirect(booked)


def booking_page(request, template, room, form):
    context = {"salle": room, "maison": room.maison, "form": form}
    lost = form.non_field_errors() or form.errors.keys() & {"de", "a"}
    if form.is_bound and lost and form.instance.debut and form.instance.fin:
        context["alternatives"] = alternatives(form.instance)
    return render(request, template, context)


@login_required
@require_safe
def reservation_list(request):
    mine = Reservation.objects.owned_by(request.user).select_related("salle", "maison")
    now = timezone.now()
    page = Paginator(mine.filter(fin__lte=now).order_by("-debut", "-pk"), 20)
    context = {
        "reservations": mine.filter(fin__gt=now).order_by("debut", "pk"),
        "past": page.get_page(request.GET.get("page")),
    }
    return render(request, "maisons/reservation_list.html", context)


@login_required
@require_safe
def reservation(request, pk):
    mine = Reservation.objects.owned_by(request.user).select_related("salle", "maison")
    booked = get_object_or_404(mine, pk=pk)
    context = {"reservation": booked, "maison": booked.maison}
    return render(request, "maisons/reservation.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def reservation_cancel(request, pk):
    mine = Reservation.objects.owned_by(request.user).select_related("salle", "maison")
    booked = get_object_or_404(mine, pk=pk)
    if request.method == "GET":
        context = {"reservation": booked, "maison": booked.maison}
        return render(request, "maisons/reservation_cancel.html", context)
    try:
        writer.cancel(booked, Creneau.Motif.DEMANDE, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, "La réservation est annulée : la salle est libre à nouveau.")
    return redirect("maisons:reservation_list")
