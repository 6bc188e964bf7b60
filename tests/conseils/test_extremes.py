"""Meetings at the edges: the end of a year, the nights of the change, sixty items, emoji."""

import io
import json
import re
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pypdf
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from conseils import seances
from conseils.models import Reunion
from maisons import heures
from notifications.models import Message
from tests.conseils.test_admin import conseil, page, room, url
from tests.factories import ConseillerFactory, ReunionFactory, SecretariatFactory

__all__ = ["conseil", "room"]
pytestmark = pytest.mark.django_db
AHEAD = timedelta(days=40)
# {local start: (its offset, the deadline ten days before)}
EDGES = {
    "2025-12-31T19:00": ("+01:00", "2025-12-21T19:00+01:00"),
    "2026-01-05T18:30": ("+01:00", "2025-12-26T18:30+01:00"),
    "2026-03-29T10:00": ("+02:00", "2026-03-19T10:00+01:00"),
    "2026-04-03T18:30": ("+02:00", "2026-03-24T18:30+01:00"),
    "2025-10-26T10:00": ("+01:00", "2025-10-16T10:00+02:00"),
    "2024-02-29T18:30": ("+01:00", "2024-02-19T18:30+01:00"),
}
LONGEST = ("Réaménagement " + "de la place " * 20)[:200]
ODD = {
    "without a space": "W" * 200,
    "long": LONGEST,
    "emoji": "🌳" * 100,
    "a family": "👩\u200d👩\u200d👧 " * 20,
    "from right to left": "ساحة السوق \u202e avis",
    "markup": "</script><!--<b>&amp;\"'",
    "a template": "{{ 7|add:7 }}{% now %}",
}


@pytest.mark.parametrize("local", EDGES)
def test_its_hour_is_the_same_everywhere_at_the_edges_of_the_calendar(client, conseil, room, local):
    offset, due = EDGES[local]
    debut = timezone.make_aware(datetime.fromisoformat(local))
    with time_machine.travel(debut - AHEAD, tick=False):
        client.force_login(SecretariatFactory(conseil=conseil).compte)
        day, hour = local.split("T")
        place = {"conseil": conseil.pk, "salle": room.pk, "jour": day}
        client.post(url("reunion_add"), page({"titre": "Bancs"}, **place, de=hour, a="23:59"))
        meeting = Reunion.objects.get()
        told_due = meeting.deadline
        seances.publish(meeting)
        answers = read_everywhere(client, meeting)

    assert meeting.debut == debut
    assert told_due == datetime.fromisoformat(due)
    assert answers["ics"] == datetime.fromisoformat(f"{local}:00{offset}")
    assert answers["json"] == answers["linked"] == f"{local}:00{offset}"
    year = debut.year
    assert f"{heures.day(debut).split(f' {year}')[0]} {year}".capitalize() in answers["pdf"]
    assert "23 h 59" in answers["pdf"]


def read_everywhere(client, meeting):
    """When it begins, as each form tells it."""
    address = meeting.get_absolute_url()
    [event] = Calendar.from_ical(client.get(f"{address}reunion.ics").content).walk("VEVENT")
    [told] = json.loads(client.get("/donnees/conseils.json").content)["meeting"]
    html = client.get(address).content.decode()
    linked = json.loads(re.search(r'ld\+json">(.*?)</script>', html)[1])
    file = pypdf.PdfReader(io.BytesIO(client.get(f"{address}ordre-du-jour.pdf").content))
    text = " ".join(" ".join(page.extract_text() for page in file.pages).split())
    return {
        "ics": event["dtstart"].dt,
        "json": told["start"],
        "linked": linked["startDate"].replace(" ", "T"),
        "pdf": text.replace("\u00a0", " "),
    }


@pytest.mark.parametrize("name", ODD)
def test_an_odd_title_is_told_by_every_form(client, conseil, room, name):
    """Typed, then on the page, in the file, the calendar, the feed, the data and the letter."""
    titre = ODD[name]
    ConseillerFactory(conseil=conseil, courriel="ada@exemple.fr")
    form = page({"titre": titre, "texte": titre}, conseil=conseil.pk, salle=room.pk)
    client.post(url("reunion_add"), form)
    meeting = seances.publish(Reunion.objects.get())
    address, council = meeting.get_absolute_url(), conseil.get_absolute_url()
    stored = meeting.points.get().titre

    pages = [address, f"{address}?grand=oui", f"{address}ordre-du-jour.pdf", "/agenda/", council]
    pages += [url("reunion_change", meeting.pk), url("reunion_rectify", meeting.pk)]
    pages += ["/conseils/recherche/?q=place", f"{address}venir/", "/donnees/conseils.json"]

    assert [client.get(path).status_code for path in pages] == [200] * len(pages)
    assert stored == titre.strip()
    file = client.get(f"{council}reunions.ics").content
    assert max(map(len, file.split(b"\r\n"))) <= 75
    [event] = Calendar.from_ical(file).walk("VEVENT")
    assert f"1. {stored}" in event["description"]
    assert ElementTree.fromstring(client.get(f"{council}reunions.atom").content) is not None
    letter = Message.objects.get()
    assert stored in letter.texte
    assert "<b>&amp;\"'" not in letter.html


def test_sixty_items_are_written_published_and_read_at_the_cost_of_one(
    client, conseil, room, django_assert_num_queries
):
    few = ReunionFactory(conseil=conseil, publie=True, debut=timezone.now() + AHEAD / 2)
    rows = [{"titre": f"Sujet {n}", "minutes": 2, "texte": "- a\n- b"} for n in range(1, 61)]
    client.post(url("reunion_add"), page(*rows, conseil=conseil.pk, salle=room.pk))
    meeting = seances.publish(Reunion.objects.latest("pk"))
    client.logout()
    client.get(few.get_absolute_url())  # the file is made once

    with CaptureQueriesContext(connection) as usual:
        client.get(few.get_absolute_url())
    statements = len(usual)
    client.get(meeting.get_absolute_url())
    with django_assert_num_queries(statements):
        html = client.get(meeting.get_absolute_url()).content.decode()

    assert "61 points" in html  # with the approval that added itself
    assert html.count('id="point-') == 61
    assert 'href="#point-61"' in html


def test_an_agenda_without_an_item_is_a_draft_that_every_screen_shows(client, conseil, room):
    meeting = ReunionFactory(conseil=conseil, salle=room)
    names = ["change", "documents", "screens", "preview", "pdf", "publish", "follow"]

    answers = {name: client.get(url(f"reunion_{name}", meeting.pk)) for name in names}

    assert {name for name, answer in answers.items() if answer.status_code != 200} == set()
    assert "Ajoutez au moins un point" in answers["publish"].content.decode()
