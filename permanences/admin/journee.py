"""The day on a phone: how it goes, who is next, who came; every act is one tap on a plain form."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from maisons import heures
from maisons.disponibilites import parse_day
from maisons.grille import WEEK, week_around
from permanences import direct, lectures, presences
from permanences.admin.acces import key, on_duty, page
from permanences.journee import Journee
from permanences.models import Passage, RendezVous, Vacation

NEWS = "C’est dit : le site le montre déjà."
SAME = "C’était déjà dit : rien ne change."
SAYINGS = {"ouverte": "C’est ouvert", "complete": "Complet pour aujourd’hui"}


def back(vacation, served=None):
    """To the page of a date, on its day; `served` is the appointment that it shows first."""
    day = heures.local(vacation.debut).date()
    asked = {"date": vacation.pk} | ({} if day == heures.today() else {"jour": day.isoformat()})
    asked |= {"servi": served} if served else {}
    return redirect(f"{reverse('admin:permanences_jour')}?{urlencode(asked)}")


@require_safe
def day(request):
    """Today, or `?jour=`; `?date=` is one of its dates, `?servi=` an appointment, `?noms=1` all."""
    on_duty(request)
    now, asked = timezone.now(), request.GET
    on = parse_day(asked.get("jour", "")) or heures.today()
    given = {"asked": key(asked.get("date")), "served": key(asked.get("servi"))}
    shown = Journee(request.user, on, now, names=asked.get("noms") == "1", **given)
    if not shown.found:
        raise Http404
    lectures.note(request, shown.shown, "journée")
    return page(
        request,
        "jour",
        title="Ma journée",
        journee=shown,
        now=now,
        today=heures.today(),
        sayings=SAYINGS.items(),
        delays=direct.DELAYS,
        rooms=direct.free_rooms(shown.vacation) if shown.running else [],
    )


@require_safe
def week(request):
    """The dates of a week, each with how many come: the names are on the page of its day."""
    on_duty(request)
    day = parse_day(request.GET.get("jour", "")) or heures.today()
    days = week_around(day)
    found = Vacation.objects.attended_by(request.user, "change").on(days[0], len(days))
    taken = Count("rendez_vous", filter=Q(rendez_vous__annule_le=None))
    found = found.annotate(taken=taken).select_related("permanence__service", "maison", "salle")
    dates = {on: [] for on in days}
    for vacation in found.prefetch_related("permanence__pauses"):
        dates[heures.local(vacation.debut).date()].append(vacation)
    return page(
        request,
        "semaine",
        title="Ma semaine",
        days=days,
        dates=dates.items(),
        found=any(dates.values()),
        today=heures.today(),
        previous=day - WEEK,
        next=day + WEEK,
    )


def vacation_or_404(request, pk):
    on_duty(request)
    rows = Vacation.objects.attended_by(request.user, "change")
    return get_object_or_404(rows.select_related("permanence__service", "maison", "salle"), pk=pk)


def done(request, vacation, act, *args, told=NEWS):
    """Do one thing to a date and come back to it; what is refused is said there."""
    try:
        news = act(vacation, *args, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, SAME if news is False else told)
    return back(vacation)


@require_POST
def say(request, pk):
    """`etat` is « ouverte », « complete » or « retard:20 »."""
    vacation = vacation_or_404(request, pk)
    state, _, delay = request.POST.get("etat", "").partition(":")
    minutes = key(delay) or 0
    late = state == Vacation.Direct.RETARD and minutes in direct.DELAYS
    if not (late or (state in SAYINGS and not delay)):
        messages.error(request, "Choisissez ce qu’il faut dire.")
        return back(vacation)
    return done(request, vacation, direct.say, state, minutes)


@require_POST
def move(request, pk):
    vacation = vacation_or_404(request, pk)
    room = vacation.maison.salles.filter(pk=key(request.POST.get("salle"))).first()
    if room is None:
        messages.error(request, "Choisissez une salle de la maison.")
        return back(vacation)
    told = f"C’est déplacé : {room}. Le site le montre déjà."
    return done(request, vacation, direct.move, room, told=told)


@require_POST
def call_off(request, pk):
    told = "La permanence d’aujourd’hui est annulée."
    return done(request, vacation_or_404(request, pk), direct.call_off, told=told)


@require_POST
def count(request, pk):
    """`passage` is an age, the number on the page, and the one that it becomes: « 18_25:3:4 »."""
    vacation = vacation_or_404(request, pk)
    age, *numbers = request.POST.get("passage", "").split(":")
    numbers = [key(number) for number in numbers]
    if age not in Passage.Tranche.values or len(numbers) != 2 or None in numbers:
        messages.error(request, "Choisissez un âge.")
        return back(vacation)
    try:
        presences.count(vacation, age, *numbers)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect(f"{back(vacation).url}#passages")


@require_POST
def note(request, pk):
    """`venue` is what is noted: attendu, arrive, recu or absent."""
    on_duty(request)
    rows = RendezVous.objects.managed_by(request.user, "change").select_related("vacation")
    row = get_object_or_404(rows, pk=pk)
    venue = request.POST.get("venue", "")
    try:
        if venue not in presences.VENUES:
            raise ValidationError("Choisissez ce qu’il faut noter.")
        presences.note(row, venue, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    # Who is received or did not come gives way to the next one.
    return back(row.vacation, row.pk if venue == "arrive" else None)
