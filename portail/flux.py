"""The agenda for programs: a file for calendars (RFC 5545), a feed for readers (RFC 4287)."""

from datetime import timedelta
from functools import cached_property
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from conseils import calendrier
from maisons import export_ics, heures, partage

MOST = 1_000  # rows: a third of a second to write
KEPT = timedelta(days=30)  # how long a cancelled date is told as such


class Flux:
    """The rows of an agenda, all pages in one: its first thousand, in the order of the list."""

    def __init__(self, agenda, most=MOST):
        self.agenda, self.most = agenda, most

    @cached_property
    def found(self):
        since = heures.starts_at(timezone.localdate()) - KEPT
        told = Q(annule_le=None) | Q(annule_le__gt=since)
        rows = self.agenda.rows.filter(told).by_length().order_by("bref", "debut", "id")
        return list(rows.select_related("maison", "salle")[: self.most + 1])

    @property
    def rows(self):
        return self.found[: self.most]

    @property
    def title(self):
        """« Maisons de quartier de Rivemont : Les Rives, Événements », the same every day."""
        filters = ", ".join(words for _, words, _ in self.agenda.removals)
        return partage.plain(" : ".join(filter(None, [self.author, filters])))

    @property
    def author(self):
        return f"Maisons de quartier de {self.agenda.ville}"

    @property
    def limit(self):
        """What it says when it is not whole."""
        if len(self.found) <= self.most:
            return ""
        return (
            f"Seulement les {self.most} premiers rendez-vous. Pour les avoir tous, choisissez une "
            "maison, un quartier ou moins de jours."
        )

    @property
    def updated(self):
        return max((row.modifie_le for row in self.rows), default=self.agenda.window[0])

    def calendar(self) -> bytes:
        page = settings.SITE_URL + page_of(self.agenda.address())
        file = export_ics.followed(self.rows, self.title, page, self.limit)
        meetings = calendrier.meetings(self.rows)
        for row in self.rows:
            # As in the calendar of its council: with its items, and the link to join.
            kind = calendrier if row.pk in meetings else export_ics
            told = meetings.get(row.pk, row)
            file.add_component(kind.entry(told, told.modifie_le, self.agenda.ville))
        return file.to_ical()

    def atom(self) -> str:
        context = {
            "flux": self,
            "page": settings.SITE_URL + page_of(self.agenda.address()),
            "own": settings.SITE_URL + addresses(self.agenda.address())["atom"],
            "entries": [entry(row, self.agenda.ville) for row in self.rows],
        }
        return render_to_string("portail/agenda.atom", context)


def entry(row, ville):
    told = [partage.when(row), partage.location(row, ville), row.resume, partage.price(row)]
    return {
        "id": f"tag:{partage.host()},2026:{partage.name(row)}",
        "title": partage.plain(partage.title(row)),
        "url": partage.url(row),
        "published": row.publie_le,
        "updated": row.modifie_le,
        "kind": row.kind,
        "summary": partage.plain("\n".join(filter(None, told))),
    }


def without(query, *names):
    """A query string, « ?maison=lavoirs », without some of its parameters; empty without any."""
    left = [pair for pair in parse_qsl(query.removeprefix("?")) if pair[0] not in names]
    return f"?{urlencode(left)}" if left else ""


def page_of(query):
    return reverse("portail:agenda") + without(query)


def addresses(query):
    """
    Where the answer to a query string of the agenda is for programs, with the same window.

    What one subscribes to moves on with the days: it leaves out those chosen.
    """
    ics, atom = reverse("portail:agenda_ics"), reverse("portail:agenda_atom")
    same, followed = without(query), ics + without(query, "du", "au", "mois")
    return {"ics": ics + same, "atom": atom + same} | partage.calendars(followed)
