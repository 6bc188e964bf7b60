"""
A pass of registrations and what its person may do with it, by its code or from their account.

Each act is a page, then one button: nothing changes on GET. A code may be forwarded: names are
shown, and places given up, to who proves to be its person (parcours R9).
"""

from collections import Counter, namedtuple
from contextlib import suppress

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from associations import adresses, calendrier
from associations import inscriptions as writer
from associations.models import Dossier, Inscription
from comptes import connus, limites
from comptes.forms import CourrielForm, LettresForm
from maisons import attente
from notifications import sms

# Where a pass is read, and the title and address of the page above.
Place = namedtuple("Place", "address above above_address")
LIST = "Mes inscriptions"


@login_required
@require_safe
def dossier_list(request):
    """Those of a season that goes on, then the earlier ones."""
    mine = Inscription.objects.owned_by(request.user).with_activity().order_by("-pk")
    today = timezone.localdate()
    coming = list(mine.filter(activite__dernier__gte=today)[:100])
    calendrier.set_first(coming)
    context = {
        "coming": coming,
        "past": mine.filter(activite__dernier__lt=today)[:40],
        "agenda": calendrier.addresses(request.user),
    }
    return render(request, "associations/dossier_list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def dossier(request, pk, name=""):
    """A pass of mine, and what I may do with it."""
    row = get_object_or_404(Dossier.objects.owned_by(request.user), pk=pk)
    above = LIST, reverse("associations:dossier_list")
    return show(request, row, name, Place(row.get_absolute_url(), *above))


def show(request, row, name, place):
    """`name` is an act, then the key of the registration that it is about: « quitter-12 »."""
    act, _, key = name.partition("-")
    if act not in ACTS or (act in BY_CODE and row.compte_id) or (act in OF_ONE) != bool(key):
        raise Http404
    if act not in OF_ONE:
        return ACTS[act](request, row, place)
    if not (key.isascii() and key.isdecimal() and len(key) < 10):
        raise Http404
    line = get_object_or_404(row.lines(), pk=key)
    line.dossier = row
    return ACTS[act](request, row, place, line)


def page(request, template, row, place, /, **context):
    context = {"lettres": LettresForm(), "errors": []} | context
    context |= {"dossier": row, "place": place, "known": connus.knows(request, row)}
    status = limites.status(context["lettres"])
    return render(request, f"associations/{template}.html", context, status=status)


def sheet(request, row, place, errors=(), **context):
    """Each registration with its state, and what may be done with it."""
    lines = list(row.lines())
    calendrier.set_first(lines)
    name_each(lines, connus.knows(request, row))
    silent = not row.reached_at[0] and not sms.reaches(str(row.telephone))
    context |= {
        "errors": errors,
        "silent": silent,
        "rows": lines,
        "maison": lines[0].activite.maison,
    }
    context |= {"headline": row.headline(lines), "until": row.kept_until(lines)}
    context["alive"] = any(line.is_alive for line in lines)
    context["joined"] = any(line.etat == line.Etat.INSCRITE for line in lines)
    return page(request, "dossier", row, place, **context)


def name_each(lines, known):
    """
    Say of each registration who comes; to who may not read it, which of several at one list.

    Whoever gives up « Personne 2 » says three letters first, and then reads who that is.
    """
    lists = Counter((line.activite_id, line.seance_id) for line in lines)
    ranks = Counter()
    for line in lines:
        key = line.activite_id, line.seance_id
        ranks[key] += 1
        line.told = f"Personne {ranks[key]}" if lists[key] > 1 else ""
        if known:
            line.told = line.who


def is_one_of_several(line):
    """Whether nothing but a name tells it from another of its pass."""
    same = Inscription.objects.of_list(line.activite, line.seance).filter(dossier=line.dossier)
    return same.alive().exclude(pk=line.pk).exists()


def confirm(request, row, place):
    """The button of the page that a mailed link opens: whoever reads that mailbox is its person."""
    if request.method == "POST" and row.unproved:
        try:
            writer.confirm(row)
        except ValidationError as error:
            return sheet(request, Dossier.objects.get(pk=row.pk), place, errors=error.messages)
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


def accept(request, row, place, line):
    """Take the place that is offered: a page, then one button."""
    if line.etat != line.Etat.PROPOSEE:
        return redirect(place.address)
    if request.method == "POST":
        try:
            writer.accept(line)
            return redirect(place.address)
        except ValidationError as error:
            return sheet(request, row, place, errors=error.messages)
    maison = line.activite.maison
    return page(request, "inscription_accept", row, place, row=line, maison=maison)


def leave(request, row, place, line):
    if not line.is_alive:
        return redirect(place.address)
    form = LettresForm(request.POST or None)
    named = connus.knows(request, row)
    if request.method == "POST" and connus.proved(request, row, form):
        if not named and is_one_of_several(line):  # of whom this page did not say the name
            return redirect(f"{place.address}quitter-{line.pk}/")
        with suppress(ValidationError):  # given up meanwhile: the page says so
            # Whoever has no mailbox, or has not proved it, reads it here.
            writer.leave(line, quiet=row.unproved or not row.reached_at[0])
        return redirect(place.address)
    maison = line.activite.maison
    return page(request, "inscription_leave", row, place, row=line, lettres=form, maison=maison)


def correct(request, row, place):
    """Another e-mail address, or a first one: it answers before it replaces the first."""
    if row.unproved or not row.inscriptions.alive().exists():
        return redirect(place.address)
    form = CourrielForm(request.POST or None)
    # One list of errors at a time.
    letters = LettresForm(request.POST) if form.is_valid() else LettresForm(initial=request.POST)
    if request.method == "POST" and form.is_valid() and connus.proved(request, row, letters):
        if attente.corrected(request, form, row, adresses.propose):
            return redirect("associations:attente", row.jeton)
        row.refresh_from_db()
    maison = row.lines()[0].activite.maison
    return page(request, "dossier_email", row, place, form=form, lettres=letters, maison=maison)


def certificate(request, row, place, line):
    """A proof on paper, of one person at one activity (parcours E10)."""
    if line.etat != line.Etat.INSCRITE or not connus.knows(request, row):
        return redirect(place.address)
    dates = calendrier.sessions([line]).filter(annule_le=None)
    span = dates.earliest("debut"), dates.latest("debut"), dates.count()
    context = {"row": line, "maison": line.activite.maison, "span": span}
    return page(request, "attestation", row, place, today=timezone.localdate(), **context)


def calendar(request, row, place):
    answer = HttpResponse(calendrier.ics(row.lines()), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="inscriptions.ics"'
    return answer


ACTS = {
    "": sheet,
    "confirmer": confirm,
    "voir": reveal,
    "courriel": correct,
    "accepter": accept,
    "quitter": leave,
    "attestation": certificate,
    "calendrier": calendar,
}
OF_ONE = {"accepter", "quitter", "attestation"}
BY_CODE = {"confirmer", "voir", "courriel"}
