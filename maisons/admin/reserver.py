"""Booking for somebody at the desk: one span, or a season of them."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from maisons import brouillons, guichet, personnes, series
from maisons.admin.accueil import houses, page
from maisons.admin.actes import Preview
from maisons.admin.saisie import DeskForm, answers_of
from maisons.disponibilites import parse_day
from maisons.models import Reservation


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
    sure = step in ("autre", "saison") or (step == "meme" and bool(person))
    return guichet_book(request, maison, answers, step, sure)


def guichet_book(request, maison, answers, step, sure):
    """A span is booked at once; the days of a season are looked at first, then booked."""
    form = DeskForm(answers, maison=maison)
    if not form.is_valid():
        return form_page(request, maison, answers, form=form)
    serie = form.serie()
    if step == "dates" and serie is None:
        form.add_error("cadence", "Choisissez le rythme.")
        return form_page(request, maison, answers, form=form)
    mine = Reservation.objects.managed_by(request.user).filter(saisie_par=request.user)
    mine = mine.filter(jeton__in=guichet.tokens(form.instance.jeton, serie)).order_by("debut")
    booked = mine.first()
    known = booked or sure
    doubles = [] if known else personnes.likely_doubles(request.user, form.instance)
    if doubles:
        return form_page(request, maison, answers, doubles=doubles)
    if serie and not booked and step != "saison":
        return season_page(request, maison, answers, form, serie)
    try:
        booked = booked or write(form.instance, serie, request.user)
    except ValidationError as error:  # refused by a rule, or sent twice at once
        booked = mine.first()
        if booked is None:
            form.add_error(None, error)
            return form_page(request, maison, answers, form=form)
    brouillons.discard(request.session, answers["jeton"])
    return redirect("admin:guichet_done", booked.maison.slug, booked.pk)


def write(reservation, serie, by):
    if serie:
        return guichet.book_season(serie, reservation, by=by)
    return guichet.book_for(reservation, by=by)


def season_page(request, maison, answers, form, serie):
    """The days of a season, each with why it is left out; nothing is written."""
    try:
        plan = series.rehearse(guichet.plan_season, serie, form.instance, by=request.user)
    except ValidationError as error:
        form.add_error(None, error)
        return form_page(request, maison, answers, form=form)
    return form_page(request, maison, answers, form=form, preview=Preview.of_plan(plan))


def form_page(request, maison, answers, form=None, **found):
    answers = {"jeton": str(uuid.uuid4())} | answers
    form = form or DeskForm(initial=answers, maison=maison)
    if not (form.errors or found):  # else what is told above takes the focus
        form.fields["nom"].widget.attrs["autofocus"] = True
    context = {"searched": "", "found": [], "doubles": [], "preview": None} | found
    return page(
        request,
        "reserver",
        title="Réserver pour quelqu’un",
        maison=maison,
        form=form,
        answers=answers,
        kept=answers["jeton"] in brouillons.kept(request.session, maison),
        back=parse_day(answers.get("jour", "")) or timezone.localdate(),
        **context,
    )
