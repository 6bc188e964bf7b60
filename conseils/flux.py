"""The meetings of one council for programs: a file for calendars, a feed for readers."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from conseils import calendrier
from maisons import export_ics, partage
from quartiers.models import Ville

MOST = 100  # meetings, the latest first
BACK = timedelta(days=365)
KEPT = timedelta(days=30)  # how long a cancelled one is told as such
TYPES = {"ics": "text/calendar", "atom": "application/atom+xml"}


def addresses(conseil):
    ics = reverse("conseils:ics", args=[conseil.slug])
    atom = reverse("conseils:atom", args=[conseil.slug])
    return {"ics": ics, "atom": atom} | partage.calendars(ics)


def told(conseil):
    """The public meetings of the last year and to come."""
    now = timezone.now()
    there = Q(annule_le=None) | Q(annule_le__gt=now - KEPT)
    rows = conseil.reunions.public().filter(there, fin__gt=now - BACK)
    rows = rows.select_related("conseil", "maison", "salle").prefetch_related("points")
    return list(rows.order_by("-debut", "-pk")[:MOST])


def calendar(conseil) -> bytes:
    rows, ville = told(conseil), Ville.current()
    page = settings.SITE_URL + conseil.get_absolute_url()
    file = export_ics.followed(rows, partage.plain(conseil.nom), page)
    for row in rows:
        file.add_component(calendrier.entry(row, row.modifie_le, ville))
    return file.to_ical()


def feed(conseil) -> str:
    rows, ville = told(conseil), Ville.current()
    context = {
        "conseil": partage.plain(conseil.nom),
        "ville": ville,
        "page": settings.SITE_URL + conseil.get_absolute_url(),
        "own": settings.SITE_URL + reverse("conseils:atom", args=[conseil.slug]),
        "updated": max((row.modifie_le for row in rows), default=None),
        "entries": [entry(row, ville) for row in rows],
    }
    return render_to_string("conseils/reunions.atom", context)


def entry(reunion, ville):
    points = [f"{rank}. {point}" for rank, point in enumerate(reunion.points.all(), 1)]
    lines = [partage.when(reunion), partage.location(reunion, ville), *points]
    return {
        "id": f"tag:{partage.host()},2026:{partage.name(reunion)}",
        "title": partage.plain(partage.title(reunion)),
        "url": settings.SITE_URL + reunion.get_absolute_url(),
        "published": reunion.publie_le,
        "updated": reunion.modifie_le,
        "summary": partage.plain("\n".join(lines)),
    }


FORMS = {"ics": calendar, "atom": feed}
