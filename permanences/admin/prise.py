"""Taking an appointment for somebody, on one screen; what is typed travels by POST alone."""

from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from maisons import brouillons, heures
from maisons.disponibilites import parse_day
from permanences import disponibilites, guichet, lectures, personnes
from permanences.admin.acces import key, on_duty, page
from permanences.admin.saisie import PriseForm, answers_of

ASIDE = "permanences"  # what is put aside in the session, apart from the bookings of rooms


@require_http_methods(["GET", "HEAD", "POST"])
def prise(request):
    """`?permanence=` says where, else one chooses; each button says what it does (`etape`)."""
    on_duty(request)
    asked = request.GET.get("permanence")
    if asked is None:
        return choice(request)
    rows = guichet.bookable().select_related("service", "maison")
    permanence = get_object_or_404(rows, pk=key(asked))
    step, _, known = request.POST.get("etape", "").partition(":")
    answers = answers_of(request.POST)
    if request.method != "POST":
        drafts = brouillons.kept(request.session, permanence, ASIDE)
        return form_page(request, permanence, drafts.get(request.GET.get("reprendre"), answers))
    if step == "cote":
        return put_aside(request, permanence, answers)
    if step == "chercher":
        wanted = answers.get("nom") or answers.get("contact", "")
        found = personnes.search(request.user, wanted)
        return form_page(request, permanence, answers, searched=wanted, found=found)
    person = personnes.known_as(request.user, known)
    answers |= person
    if step == "reprendre":
        return form_page(request, permanence, answers)
    sure = step == "autre" or (step == "meme" and bool(person))
    return book(request, permanence, answers, sure)


def put_aside(request, permanence, answers):
    """Until this evening, in the session of the agent: never why the person comes."""
    kept = {name: answers.get(name, "") for name in ("nom", "contact", "jeton")}
    brouillons.keep(request.session, permanence, kept["jeton"], kept, ASIDE)
    messages.success(request, "La demande est mise de côté jusqu’à ce soir.")
    return redirect(f"{request.path}?permanence={permanence.pk}")


def choice(request):
    """One's own permanences first, each with its first free place; those of elsewhere, folded."""
    own = set(guichet.own(request.user).values_list("pk", flat=True))
    read = ["service", "maison", "mediateur", "elu"]
    rows = guichet.bookable().select_related(*read).order_by("maison", "slug")
    mine = [each for each in rows if each.pk in own]
    firsts = disponibilites.first_free(mine)
    return page(
        request,
        "prise_choix",
        title="Prendre un rendez-vous pour quelqu’un",
        mine=[(each, firsts.get(each.pk)) for each in mine],
        others=[(each, None) for each in rows if each.pk not in own],
    )


def places(request, permanence):
    since = parse_day(request.GET.get("depuis", ""))
    mine = guichet.own(request.user).filter(pk=permanence.pk).exists()
    return guichet.slots(permanence, mine, since and heures.starts_at(since))


def book(request, permanence, answers, sure):
    """A form sent twice is one appointment; a likely double is shown before anything is written."""
    form = PriseForm(answers, permanence=permanence, slots=places(request, permanence))
    before = guichet.taken_by(request.user).filter(jeton=key_of(answers)).first()
    if before:
        return redirect("admin:permanences_rendezvous_done", before.pk)
    if not form.is_valid():
        return form_page(request, permanence, answers, form=form)
    doubles = [] if sure else personnes.likely_doubles(request.user, form.instance)
    if doubles:
        return form_page(request, permanence, answers, doubles=doubles)
    try:
        taken = guichet.take_for(form.instance, by=request.user)
    except ValidationError as error:
        form.add_error("moment", error.messages)
        return form_page(request, permanence, answers, form=form)
    brouillons.discard(request.session, answers["jeton"], ASIDE)
    return redirect("admin:permanences_rendezvous_done", taken.pk)


def key_of(answers):
    field = PriseForm.base_fields["jeton"]
    try:
        return field.clean(answers.get("jeton"))
    except ValidationError:
        return None


def form_page(request, permanence, answers, form=None, searched="", found=(), doubles=()):
    answers = {"jeton": str(uuid4())} | answers
    slots = places(request, permanence)
    form = form or PriseForm(initial=answers, permanence=permanence, slots=slots)
    if not (form.errors or searched or doubles):  # else what is told above takes the focus
        form.fields["nom"].widget.attrs["autofocus"] = True
    lectures.note(request, personnes.appointments([*found, *doubles]), "recherche")
    return page(
        request,
        "prise",
        title="Prendre un rendez-vous",
        permanence=permanence,
        form=form,
        drafts=brouillons.kept(request.session, permanence, ASIDE),
        searched=searched,
        found=found,
        doubles=doubles,
        last=slots[-1].debut if len(slots) == guichet.MOST_SLOTS else None,
        first=slots[0].debut if slots else None,
    )


def taken_or_404(request, pk):
    """Of today, typed by this person: the card is printed again, and no other is found."""
    on_duty(request)
    read = ["compte", "vacation__permanence__service", "vacation__maison", "vacation__salle"]
    rows = guichet.taken_by(request.user).held().select_related(*read)
    return get_object_or_404(rows, pk=pk)


@require_safe
def done(request, pk):
    row = taken_or_404(request, pk)
    lectures.note(request, [row], "pris")
    again = f"{reverse('admin:permanences_rendezvous_add')}?permanence="
    return page(
        request,
        "pris",
        title="C’est réservé",
        rendez_vous=row,
        told=guichet.read_aloud(row),
        reachable=any(row.reached_at),
        written=guichet.is_written_to(row),
        texting=bool(settings.SMS_URL),
        again=f"{again}{row.vacation.permanence_id}",
    )


@require_safe
def card(request, pk):
    row = taken_or_404(request, pk)
    lectures.note(request, [row], "carte")
    return page(
        request,
        "carte",
        title="Carte de rendez-vous",
        rendez_vous=row,
        maison=row.vacation.maison,
        code_url=f"{settings.SITE_URL}/code/",
    )
