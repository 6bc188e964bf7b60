"""Register: who comes, check, confirm; nothing is written before the last."""

import uuid
from itertools import groupby

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from associations import calendrier
from associations import inscriptions as writer
from associations.forms.inscription import MOST_ROWS, ROWS, form_for
from associations.models import Activite, Dossier
from associations.offre import Offre
from comptes import connus, limites
from maisons.forms.refus import tell_whole

ATTENDRE = "Il ne reste plus de place. Confirmez seulement si vous acceptez d’attendre."


@require_http_methods(["GET", "HEAD", "POST"])
def inscription_create(request, slug):
    """
    The form carries all that was said from page to page, and nothing of it is in the address.

    Its token makes the form sent twice one pass.
    """
    rows = Activite.objects.public().exclude(inscription=Activite.Inscription.LIBRE)
    rows = rows.select_related("association", "maison", "salle")
    activite = get_object_or_404(rows, slug=slug)
    offer = Offre(activite, request.user if request.user.is_authenticated else None)
    if request.method != "POST":
        return form_page(request, begin(request, offer))
    jeton = request.POST.get("jeton", "")
    if begun := mine(request, jeton):
        return redirect(where(begun))
    form = make_form(request, offer, request.POST)
    step = request.POST.get("etape")
    if step in ("modifier", "ajouter"):
        return form_page(request, reopened(request, form, more=step == "ajouter"))
    rows = foreseen(form)
    if not rows and (begun := mine(request, jeton)):  # the same form, sent at one instant
        return redirect(where(begun))
    if rows and step == "confirmer":
        return confirm(request, form, rows)
    return check_page(request, form, rows)


def make_form(request, offer, *args, **kwargs):
    return form_for(request.user)(*args, offer=offer, compte=offer.compte, **kwargs)


def begin(request, offer):
    lines = 1 if offer.known else ROWS
    initial = {"jeton": uuid.uuid4(), "lignes": lines, "telephone": offer.telephone}
    return make_form(request, offer, initial=initial)


def reopened(request, form, more=False):
    """The same answers in a form that reproaches nothing, with one child more if asked."""
    answers = {name: form[name].value() for name in form.fields}
    answers["lignes"] = min(form.rows_shown + more, MOST_ROWS)
    return make_form(request, form.offer, initial=answers)


def foreseen(form):
    """The registrations as they would be now, each with its place or rank; else errors."""
    if not form.is_valid():
        return []
    rows = form.rows()
    try:
        writer.foresee(form.dossier(), rows)
    except ValidationError as error:
        tell_whole(form, error)
        return []
    return rows


def waiting(rows):
    """The lists on which some would wait, as a form carries them."""
    return {f"{row.activite_id}:{row.seance_id or 0}" for row in rows if row.rang}


def confirm(request, form, rows):
    """Write it; nobody is put on a waiting list that the check has not told of."""
    agreed = set(form.cleaned_data["attente"].split())
    if waiting(rows) - agreed:
        return check_page(request, form, rows, told=ATTENDRE)
    dossier, rows = form.dossier(), form.rows()
    for row in rows:
        row.may_wait = bool(waiting_of(row) & agreed)
    try:
        if dossier.compte is None:
            limites.count(request, "inscription", contact=dossier.contact)
        writer.register(dossier, rows)
    except ValidationError as error:  # lost since the form was checked, or sent twice
        begun = mine(request, str(dossier.jeton))
        if begun is None:
            tell_whole(form, error)
            return form_page(request, form)
        dossier = begun
    if dossier.compte is None:
        connus.remember(request, dossier)
    return redirect(where(dossier))


def waiting_of(row):
    return {f"{row.activite_id}:{row.seance.pk if row.seance else 0}"}


def mine(request, jeton):
    """The pass that this form has already begun, if it has."""
    try:
        sent = Dossier.objects.filter(jeton=uuid.UUID(jeton))
    except ValueError:
        return None
    if request.user.is_authenticated:
        return sent.owned_by(request.user).first()
    return sent.filter(compte=None, anonymise_le=None).first()


def where(dossier):
    """Where its person reads what happens next; by e-mail, the message alone tells the code."""
    if dossier.compte_id:
        return dossier.get_absolute_url()
    if dossier.awaited:  # the letter to an address proposed holds the token, not the code
        return reverse("associations:attente", args=[dossier.jeton])
    return reverse("comptes:code_open", args=[dossier.code])


def shown(form):
    activite = form.offer.activite
    return {
        "form": form,
        "activite": activite,
        "maison": activite.maison,
        "taken_at": reverse("associations:inscription_create", args=[activite.slug]),
    }


def form_page(request, form):
    first = calendrier.first_dates([form.offer.activite.pk]).get(form.offer.activite.pk)
    context = shown(form) | {"first": first, "most": form.rows_shown >= MOST_ROWS}
    page = "associations/inscription_create.html"
    return render(request, page, context, status=limites.status(form))


def check_page(request, form, rows, told=""):
    """All that would be written, activity by activity; what has no place left is told as such."""
    if not rows:
        return form_page(request, form)
    dates = calendrier.first_dates([row.activite_id for row in rows])
    groups = groupby(rows, key=lambda row: (row.activite, row.seance))
    context = shown(form) | {
        "told": told,
        "dossier": rows[0].dossier,
        "people": {row.block: row for row in rows}.values(),
        "groups": [(a, s, dates.get(a.pk), list(of_it)) for (a, s), of_it in groups],
        "waiting": " ".join(sorted(waiting(rows))),
        "seated": any(row.place for row in rows),
    }
    return render(request, "associations/inscription_check.html", context)
