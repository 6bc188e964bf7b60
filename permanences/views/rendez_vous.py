"""
The page of an appointment and what its person may do with it, by its code or from their account.

Each act is a page, then one button: nothing changes on GET. A code may be forwarded: what only its
person knows is shown, and what changes it is done, by who proves to be that person (parcours R9).
"""

from collections import namedtuple
from contextlib import suppress

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from comptes import connus, limites
from comptes.forms import LettresForm
from notifications import sms
from permanences import calendrier, disponibilites
from permanences import rendez_vous as writer
from permanences.forms.prise import PAS_DE_MOMENT, parse_moment
from permanences.models import RendezVous, Vacation
from permanences.views.attente import as_it_stands
from permanences.views.prise import day_shown, once

# Where an appointment is read, and the title and address of the page above.
Place = namedtuple("Place", "address above above_address")


def readable():
    """With what its pages read."""
    dates = "vacation__permanence__service", "vacation__maison", "vacation__salle"
    return RendezVous.objects.select_related("compte", *dates)


@login_required
@require_safe
def rendez_vous_list(request):
    mine, now = readable().owned_by(request.user), timezone.now()
    page = Paginator(mine.filter(fin__lte=now).order_by("-debut", "-pk"), 20)
    context = {
        "coming": mine.filter(fin__gt=now).order_by("debut", "pk"),
        "past": page.get_page(request.GET.get("page")),
    }
    return render(request, "permanences/rendez_vous_list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rendez_vous(request, pk, name=""):
    """An appointment of mine, and what I may do with it."""
    row = get_object_or_404(readable().owned_by(request.user), pk=pk)
    above = "Mes rendez-vous", reverse("permanences:rendez_vous_list")
    return show(request, row, name, Place(row.get_absolute_url(), *above))


def show(request, row, name, place):
    if name not in ACTS or (name in BY_CODE and row.compte_id):
        raise Http404
    return ACTS[name](request, row, place)


def page(request, template, row, place, **context):
    context = {"lettres": LettresForm(), "errors": []} | context
    context |= {"rendez_vous": row, "maison": row.vacation.maison, "place": place}
    context |= {"permanence": row.vacation.permanence, "known": connus.knows(request, row)}
    status = limites.status(context["lettres"])
    return render(request, f"permanences/{template}.html", context, status=status)


def sheet(request, row, place, errors=(), **context):
    """Its state, where and when, what to bring."""
    lost = as_it_stands(row)
    silent = not row.reached_at[0] and not sms.reaches(row.telephone)
    context |= {"errors": errors, "lost": lost, "silent": silent}
    return page(request, "rendez_vous", row, place, **context)


def confirm(request, row, place):
    """The button of the page that a mailed link opens: whoever reads that mailbox is its person."""
    if request.method == "POST" and row.unproved:
        try:
            writer.confirm(row)
        except ValidationError as error:
            row = readable().get(pk=row.pk)
            return sheet(request, row, place, errors=error.messages)
        connus.remember(request, row)
    return redirect(place.address)


def reveal(request, row, place):
    """Three letters show the rest."""
    if request.method != "POST":
        return redirect(place.address)
    form = LettresForm(request.POST)
    if connus.prove(request, row, form):
        return redirect(place.address)
    return sheet(request, row, place, lettres=form)


def cancel(request, row, place):
    if not row.cancellable:
        return redirect(place.address)
    form = LettresForm(request.POST or None)
    if request.method == "POST" and connus.proved(request, row, form):
        with suppress(ValidationError):  # cancelled meanwhile: the page says so
            # Whoever has no mailbox, or has not proved it, reads it here.
            writer.cancel(row, quiet=row.unproved or not row.reached_at[0])
        return redirect(place.address)
    return page(request, "rendez_vous_cancel", row, place, lettres=form)


def move(request, row, place):
    """Another moment, here or in another house: one button takes it and lets go of the first."""
    if not row.changeable:
        return redirect(place.address)
    form, errors = LettresForm(request.POST or None), []
    if request.method == "POST":
        limites.count(request, "deplacer", contact=f"rendez_vous:{row.pk}")
        if connus.proved(request, row, form):
            errors = moved(row, request.POST.get("place", ""))
            if not errors:
                return redirect(place.address)
            row = readable().get(pk=row.pk)
    permanence = row.vacation.permanence
    days = disponibilites.by_day(disponibilites.offered([permanence]))
    context = day_shown(request, days) | {"lettres": form, "errors": errors}
    context["elsewhere"] = once(disponibilites.elsewhere(permanence))
    return page(request, "rendez_vous_move", row, place, **context)


def moved(row, chosen):
    """Take « 12 2026-11-27T14:00 », a date and an hour of it; returns what refuses it."""
    key, _, at = chosen.partition(" ")
    debut = parse_moment(at)
    dates = Vacation.objects.public().holding()
    vacation = dates.filter(pk=key).first() if key.isdecimal() and len(key) < 19 else None
    if vacation is None or debut is None:
        return [PAS_DE_MOMENT]
    try:
        writer.move(row, vacation, debut)
    except ValidationError as error:
        return error.messages
    return []


def earlier(request, row, place):
    """« Prévenez-moi si une place se libère plus tôt », said or taken back."""
    if request.method == "POST" and row.changeable and connus.knows(request, row):
        writer.wish_earlier(row, request.POST.get("plus_tot") == "oui")
    return redirect(place.address)


def calendar(request, row, place):
    answer = HttpResponse(calendrier.ics(row), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="rendez-vous.ics"'
    return answer


ACTS = {
    "": sheet,
    "confirmer": confirm,
    "voir": reveal,
    "annuler": cancel,
    "deplacer": move,
    "plus-tot": earlier,
    "calendrier": calendar,
}
BY_CODE = {"confirmer", "voir"}
