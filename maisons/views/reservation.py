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
from maisons.disponibilites import alternatives
from maisons.forms import ReservationForm
from maisons.models import Creneau, Reservation
from maisons.views.salle import get_room


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
    try:
        booked = writer.ask(form.instance, by=request.user)
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
