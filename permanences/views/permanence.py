from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from comptes import qr
from maisons import partage
from maisons.models import Serie
from permanences import donnees_liees, prochaines, questions
from permanences.langues import named
from permanences.models import Permanence
from quartiers.models import Ville

SHOWN = 8  # dates to come
ON_CARD = 4


@require_safe
def permanence(request, slug):
    return render(request, "permanences/permanence.html", permanence_page(public(slug)))


def permanence_page(found, drafts=False):
    """What the page of a permanence shows; the admin's preview shows the same, with its drafts."""
    now, ville = timezone.now(), Ville.current()
    dates = coming(found, now, drafts)
    rows = found.vacations.all() if drafts else found.vacations.public()
    series = Serie.objects.filter(pk__in=rows.values("serie"))
    return {
        "permanence": found,
        "service": found.service,
        "maison": found.maison,
        "ville": ville,
        "dates": dates,
        "first": next(iter(dates), None),
        "next": next((date for date in dates if not date.annule_le), None),
        "series": series.going_on(timezone.localdate(now)),
        "langues": named(found.spoken),
        "fiches": found.service.fiches.public().only("titre", "slug"),
        "asks": not drafts and asks(found, now),
        "donnees": "" if drafts else donnees_liees.permanence(found, dates, ville),
    }


def asks(permanence, now):
    """Whether its élu takes questions ahead of it."""
    elu = permanence.elu
    return bool(elu and elu.is_in_office(timezone.localdate(now)) and questions.is_read(elu))


@require_safe
def carte(request, slug):
    """A sheet to take along, on which nothing says why one comes."""
    found, now = public(slug), timezone.now()
    dates = [date for date in coming(found, now) if not date.annule_le][:ON_CARD]
    address = partage.url(dates[0]) if dates else ""
    context = {
        "permanence": found,
        "maison": found.maison,
        "dates": dates,
        "address": address,
        "qr": qr.drawing(address, "Code qui mène à la page") if address else "",
    }
    return render(request, "permanences/carte.html", context)


def public(slug):
    rows = Permanence.objects.readable()
    rows = rows.select_related("service", "maison__quartier", "salle", "mediateur", "elu")
    return get_object_or_404(rows.defer("maison__quartier__contour"), slug=slug)


def coming(permanence, now, drafts=False):
    """Its next public dates, or all, the cancelled among them, each with its `state`."""
    rows = (
        permanence.vacations.upcoming(now)
        if drafts
        else permanence.vacations.public().upcoming(now)
    )
    dates = list(rows.select_related("maison", "salle", "quartier")[:SHOWN])
    for date in dates:
        date.permanence, date.state = permanence, prochaines.state(date, now)
    return dates
