import uuid

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from comptes import limites
from maisons import planning as writer
from maisons.disponibilites import alternatives
from maisons.forms import MomentForm, ReservationForm, SansCompteForm
from maisons.forms.moment import chosen
from maisons.models import Reservation
from maisons.views import acte
from maisons.views.salle import get_room


@require_http_methods(["GET", "HEAD", "POST"])
def reservation_create(request, maison_slug, salle_slug):
    """
    Form, check, confirm: three buttons of one form, which carries what was typed from page to page.

    Nothing is written before « Confirmer » ; its token makes the form sent twice one booking.
    """
    room = get_room(maison_slug, salle_slug)
    form_class = ReservationForm if request.user.is_authenticated else SansCompteForm
    if request.method != "POST":
        return reservation_begin(request, room, form_class)
    typed = request.POST.dict() | chosen(request.POST.get("moment", ""))
    if booked := mine(request, typed.get("jeton", "")):
        return redirect(where(booked))
    if typed.get("etape") == "modifier":
        return booking_page(request, "reservation_create", room, form_class(initial=typed))
    owner = request.user if request.user.is_authenticated else None
    wanted = Reservation(maison=room.maison, salle=room, demandeur=owner)
    form = form_class(typed, instance=wanted)
    if form.is_valid() and typed.get("etape") == "confirmer":
        return reservation_confirm(request, room, form)
    if form.is_valid():
        try:
            writer.foresee(wanted)
        except ValidationError as error:
            form.add_error(None, error)
    page = "reservation_check" if form.is_valid() else "reservation_create"
    return booking_page(request, page, room, form)


def reservation_begin(request, room, form_class):
    """The form for a span; without an account, a span is chosen first on the room's page."""
    asked = MomentForm(request.GET)
    if form_class is SansCompteForm and not asked.is_valid():
        return redirect(room)
    # A new token each time: one that came in an address would be known to whoever wrote it.
    form = form_class(initial=request.GET.dict() | {"jeton": uuid.uuid4()})
    return booking_page(request, "reservation_create", room, form)


def reservation_confirm(request, room, form):
    wanted = form.instance
    try:
        if wanted.demandeur:
            writer.ask(wanted, by=request.user)
        else:
            limites.count(request, "reserver", contact=wanted.contact)
            writer.hold(wanted)
    except ValidationError as error:  # lost since the form was checked, or sent twice
        booked = mine(request, str(wanted.jeton))
        if booked is None:
            form.add_error(None, error)
            return booking_page(request, "reservation_create", room, form)
        wanted = booked
    return redirect(where(wanted))


def mine(request, jeton):
    """The booking that this form has already made, if it has."""
    try:
        sent = Reservation.objects.filter(jeton=uuid.UUID(jeton))
    except ValueError:
        return None
    if request.user.is_authenticated:
        return sent.owned_by(request.user).first()
    return sent.filter(demandeur=None).first()


def where(booking):
    """Where its person reads what happens next; by e-mail, the message alone tells the code."""
    if booking.demandeur:
        return booking.get_absolute_url()
    if booking.courriel or booking.courriel_propose:  # whose message holds the token
        return reverse("maisons:attente", args=[booking.jeton])
    return reverse("comptes:code_open", args=[booking.code])


def booking_page(request, page, room, form):
    """The form or its check, with other spans when the one wanted is lost."""
    moment = MomentForm(form.data if form.is_bound else form.initial)
    context = {"salle": room, "maison": room.maison, "form": form}
    context["moment"] = moment.cleaned_data if moment.is_valid() else None
    lost = form.non_field_errors() or form.errors.keys() & {"de", "a"}
    wanted = form.instance
    if form.is_bound and lost and wanted.debut and wanted.fin and wanted.debut < wanted.fin:
        context["alternatives"] = alternatives(wanted)
    return render(request, f"maisons/{page}.html", context, status=limites.status(form))


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
@require_http_methods(["GET", "HEAD", "POST"])
def reservation(request, pk, name=""):
    """A booking of mine, and what I may do with it."""
    mine = Reservation.objects.owned_by(request.user).select_related("salle", "maison")
    booked = get_object_or_404(mine, pk=pk)
    above = "Mes réservations", reverse("maisons:reservation_list")
    place = acte.Place(booked.get_absolute_url(), *above, Reservation.get_absolute_url)
    return acte.show(request, booked, name, place, by=request.user)
