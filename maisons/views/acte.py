"""
The page of a booking and what its person may do with it, by its code or from their account.

Each act is a page, then one button: nothing changes on GET, whoever opens a mailed link (rule 1).
"""

from collections import namedtuple
from contextlib import suppress
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from comptes import limites
from maisons import attente, export_ics, series
from maisons import planning as writer
from maisons.disponibilites import Disponibilites, days_around, parse_day, rooms_for
from maisons.forms import CourrielForm, MomentForm
from maisons.forms.moment import chosen
from maisons.models import Creneau, Salle
from maisons.views.attente import as_it_stands, corrected, other_spans
from quartiers.models import Ville

ROOMS_SHOWN = 6
# Where a booking is read: `address_of` it, and the title and address of the page above.
Place = namedtuple("Place", "address above above_address address_of")


def show(request, booking, name, place, by=None):
    if name not in ACTS or (name in BY_CODE and booking.demandeur):
        raise Http404
    return ACTS[name](request, booking, place, by)


def page(request, template, booking, place, **context):
    status = limites.status(context["form"]) if "form" in context else 200
    context |= {"reservation": booking, "maison": booking.maison, "place": place}
    return render(request, f"maisons/{template}.html", context, status=status)


def sheet(request, booking, place, by=None, errors=()):
    """Its state, where and when, what happens next."""
    as_it_stands(booking)
    lost, ville = booking.etat in (booking.Etat.REFUSEE, booking.Etat.EXPIREE), Ville.current()
    return page(
        request,
        "reservation",
        booking,
        place,
        errors=errors,
        season=season(booking, place),
        ville=ville,
        desk=attente.desk_in_words(booking.maison, timezone.now(), ville),
        **(other_spans(booking) if lost and booking.debut > timezone.now() else {}),
    )


def season(booking, place):
    """The series it is a date of, with the `address` of the page of each date to come."""
    serie = series.season(booking)
    for date in serie.to_come if serie else []:
        date.address = place.address_of(date)
    return serie


def confirm(request, booking, place, by):
    """The button of the page that a mailed link opens."""
    if request.method == "POST" and booking.unproved and not booking.to_call:
        try:
            writer.confirm_contact(booking, by=by)
        except ValidationError as error:
            booking.refresh_from_db()
            return sheet(request, booking, place, errors=error.messages)
    return redirect(place.address)


def cancel(request, booking, place, by):
    if request.method != "POST" and booking.alive:
        return page(request, "reservation_cancel", booking, place)
    if request.method == "POST":
        with suppress(ValidationError):  # cancelled meanwhile: the page says so
            writer.cancel(booking, Creneau.Motif.DEMANDE, by=by, quiet=is_told_here(booking))
    return redirect(place.address)


def is_told_here(booking):
    """Whoever does it and has no mailbox, or has not proved one, needs no call to know it."""
    return booking.unproved or not booking.reached_at[0]


def move(request, booking, place, by):
    """Another span of this room, or another room of the house: one button takes it."""
    if not booking.changeable:
        return redirect(place.address)
    errors, typed = [], None
    if request.method == "POST":
        limites.count(request, "deplacer", contact=f"reservation:{booking.pk}")
        typed = request.POST.dict() | chosen(request.POST.get("moment", ""))
        errors = moved(booking, MomentForm(typed), typed.get("salle", str(booking.salle_id)), by)
        if not errors:
            return redirect(place.address)
        booking.refresh_from_db()
    day = parse_day(request.GET.get("jour", "") or (typed or {}).get("jour", ""))
    day = day or timezone.localdate(booking.debut)
    return page(
        request,
        "reservation_move",
        booking,
        place,
        errors=errors,
        day=day,
        around=days_around(day),
        rooms=free_spans(booking, day),
    )


def moved(booking, form, room, by):
    """Take the span asked for in the room of this key; returns what refuses it."""
    rooms = Salle.objects.filter(maison=booking.maison_id)
    salle = next((found for found in rooms if str(found.pk) == room), None)
    if not form.is_valid() or salle is None:
        return ["Choisissez un moment de la liste."]
    span = {name: form.cleaned_data[name] for name in ("debut", "fin")}
    try:
        quiet = is_told_here(booking)
        writer.move(booking, by=by, quiet=quiet, salle=salle, **span)
    except ValidationError as error:
        return error.messages
    return []


def free_spans(booking, day):
    """[(room, [(start, end)])] of the same length, this room first, one start an hour."""
    known, length = Disponibilites(booking.maison, day), booking.fin - booking.debut
    rooms = rooms_for([booking.maison], booking.personnes or 1, length)
    rooms.sort(key=lambda room: room.pk != booking.salle_id)
    found = []
    for room in rooms[:ROOMS_SHOWN]:
        spans = [
            (start, start + length)
            for free in known.free(room, day)
            for start in starts(free, length)
        ]
        if spans:
            found.append((room, spans))
    return found


def starts(free, length):
    start = free.debut
    while start + length <= free.fin:
        yield start
        start += timedelta(hours=1)


def correct(request, booking, place, by):
    """Another e-mail address, to which the message is sent."""
    if not (booking.unproved or booking.changeable):
        return redirect(place.address)
    form = CourrielForm(request.POST or None, initial={"courriel": booking.courriel})
    if request.method == "POST" and (done := corrected(request, form, booking)):
        return redirect(*done)
    booking.refresh_from_db()
    return page(request, "reservation_email", booking, place, form=form)


def calendar(request, booking, place, by):
    answer = HttpResponse(export_ics.ics(booking), content_type="text/calendar")
    answer["Content-Disposition"] = 'attachment; filename="reservation.ics"'
    return answer


ACTS = {
    "": sheet,
    "confirmer": confirm,
    "annuler": cancel,
    "deplacer": move,
    "courriel": correct,
    "calendrier": calendar,
}
BY_CODE = {"confirmer", "courriel"}
