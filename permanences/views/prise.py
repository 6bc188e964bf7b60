"""Take an appointment: a moment, who comes, check, confirm; nothing is written before the last."""

import uuid

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from comptes import connus, limites
from maisons.disponibilites import parse_day
from maisons.forms.refus import tell_whole
from notifications import sms
from permanences import disponibilites
from permanences import rendez_vous as writer
from permanences.forms.prise import PAS_DE_MOMENT, form_for, moment, parse_moment
from permanences.models import Permanence, RendezVous, Vacation

DAYS = 12  # offered as links


@require_http_methods(["GET", "HEAD", "POST"])
def rendez_vous_create(request, slug):
    """
    The moment is in the address, nothing personal is; the form carries the rest from page to page.

    Its token makes the form sent twice one appointment.
    """
    permanence = get_bookable(slug)
    if request.method != "POST":
        return begin(request, permanence)
    typed = request.POST.dict()
    typed["moment"] = typed.get("autre") or typed.get("moment", "")
    jeton = typed.get("jeton", "")
    if taken := mine(request, jeton):
        return redirect(where(taken))
    if typed.get("etape") == "modifier":
        return form_page(request, permanence, make_form(request, permanence, initial=typed))
    form = make_form(request, permanence, typed)
    row = foreseen(form, permanence)
    if not row and (taken := mine(request, jeton)):  # the same form, sent at one instant
        return redirect(where(taken))
    if row and typed.get("etape") == "confirmer":
        return confirm(request, permanence, form, row)
    return check_page(request, permanence, form, row)


def get_bookable(slug):
    """One that is public and gives appointments."""
    rows = Permanence.objects.public().exclude(mode=Permanence.Mode.SANS_RDV)
    rows = rows.select_related("service", "maison", "salle", "mediateur", "elu")
    return get_object_or_404(rows, slug=slug)


def make_form(request, permanence, *args, **kwargs):
    compte = request.user if request.user.is_authenticated else None
    return form_for(request.user)(*args, permanence=permanence, compte=compte, **kwargs)


def begin(request, permanence):
    """The moments of a day; then who comes, or the check when there is nothing to ask."""
    at = parse_moment(request.GET.get("moment", ""))
    if at is None:
        return moment_page(request, permanence)
    # A new token each time: one that came in an address would be known to whoever wrote it.
    known = {"moment": moment(at), "jeton": uuid.uuid4()}
    form = make_form(request, permanence, initial=known)
    if request.user.is_authenticated and not form.fields["motif"].queryset.exists():
        form = make_form(request, permanence, known)
        return check_page(request, permanence, form, foreseen(form, permanence))
    return form_page(request, permanence, form)


def foreseen(form, permanence):
    """The unsaved appointment, when it could be taken now; else errors in the form."""
    if not form.is_valid():
        if "moment" in form.errors:  # nobody sees the field
            form.add_error(None, PAS_DE_MOMENT)
        return None
    at = form.cleaned_data["moment"]
    dates = Vacation.objects.public().holding().filter(permanence=permanence)
    vacation = dates.filter(debut__lte=at, fin__gt=at).order_by("debut", "pk").first()
    if vacation is None:
        form.add_error(None, PAS_DE_MOMENT)
        return None
    row = form.row(vacation)
    try:
        writer.foresee(row)
    except ValidationError as error:
        tell_whole(form, error)
        return None
    return row


def confirm(request, permanence, form, row):
    try:
        if row.compte is None:
            limites.count(request, "rendez_vous", contact=row.contact)
        writer.take(row)
    except ValidationError as error:  # lost since the form was checked, or sent twice
        taken = mine(request, str(row.jeton))
        if taken is None:
            tell_whole(form, error)
            return form_page(request, permanence, form)
        row = taken
    if row.compte is None:
        connus.remember(request, row)
    return redirect(where(row))


def mine(request, jeton):
    """The appointment that this form has already taken, if it has."""
    try:
        sent = RendezVous.objects.filter(jeton=uuid.UUID(jeton))
    except ValueError:
        return None
    if request.user.is_authenticated:
        return sent.owned_by(request.user).first()
    return sent.filter(compte=None, anonymise_le=None).first()


def where(row):
    """Where its person reads what happens next; by e-mail, the message alone tells the code."""
    if row.compte_id:
        return row.get_absolute_url()
    if row.unproved:
        return reverse("permanences:attente", args=[row.jeton])
    return reverse("comptes:code_open", args=[row.code])


def moment_page(request, permanence):
    """Sooner elsewhere is worth a word, later is not."""
    days = disponibilites.by_day(disponibilites.offered([permanence]))
    first = next((slots[0].debut for slots in days.values()), None)
    context = shown(permanence) | day_shown(request, days)
    context["elsewhere"] = disponibilites.elsewhere(permanence, first)
    return render(request, "permanences/rendez_vous_moment.html", context)


def day_shown(request, days):
    """One day on a screen: the one asked for, else the first of {day: [Slot]}."""
    asked = parse_day(request.GET.get("jour", ""))
    day = asked or next(iter(days), timezone.localdate())
    later = next((other for other in days if other > day), next(iter(days), None))
    return {
        "day": day,
        "slots": once(days.get(day, [])),
        "days": around(list(days), day),
        "next_day": None if day in days else later,
    }


def around(days, day):
    """The first days that have a place; from the one asked for when it comes after them."""
    first = days[:DAYS]
    return first if not first or day <= first[-1] else [each for each in days if each >= day][:DAYS]


def once(slots):
    """A start once, whatever the number of dates that have it."""
    return list({(slot.vacation.permanence_id, slot.debut): slot for slot in slots}.values())


def shown(permanence):
    return {
        "permanence": permanence,
        "service": permanence.service,
        "maison": permanence.maison,
        "taken_at": reverse("permanences:rendez_vous_create", args=[permanence.slug]),
    }


def form_page(request, permanence, form):
    """Who comes; with other moments when the one wanted is lost."""
    at = form.cleaned_data.get("moment") if form.is_bound else None
    at = at or parse_moment(str(form["moment"].value() or ""))
    context = shown(permanence) | {"form": form, "debut": at}
    if form.is_bound and form.non_field_errors():
        near = disponibilites.nearest(disponibilites.offered([permanence]), at or timezone.now())
        context["alternatives"] = once(near)
        context["elsewhere"] = disponibilites.elsewhere(permanence)
    page = "permanences/rendez_vous_create.html"
    return render(request, page, context, status=limites.status(form))


def check_page(request, permanence, form, row):
    if row is None:
        return form_page(request, permanence, form)
    context = shown(permanence) | {"form": form, "rendez_vous": row}
    context["texted"] = not row.reached_at[0] and sms.reaches(row.telephone)
    return render(request, "permanences/rendez_vous_check.html", context)
