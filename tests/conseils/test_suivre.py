"""Following a council: by e-mail in two acts, in a calendar or a feed; a draft is in none."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from conseils.suivre import subject
from maisons import planning
from maisons.models import Creneau
from notifications import suivi
from notifications.models import Abonnement
from notifications.tasks import drain
from tests.factories import (
    CompteFactory,
    ConseilFactory,
    PointFactory,
    ReunionFactory,
    VilleFactory,
)
from tests.portail.test_agenda import held_on

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
ONLINE = {"mode": "mixte", "lien_visio": "https://visio.example/rives"}


@pytest.fixture
def conseil():
    VilleFactory()
    return ConseilFactory(nom="Conseil des Rives")


def at(conseil, name):
    return reverse(f"conseils:{name}", args=[conseil.slug])


def test_two_acts_lead_from_a_meeting_to_a_letter_that_asks_to_confirm(client, conseil):
    meeting = ReunionFactory(conseil=conseil, publie=True)
    for page in (conseil, meeting):
        read = client.get(page.get_absolute_url())
        assert at(conseil, "suivre") in read.content.decode()
        assert not read.cookies

    client.post(at(conseil, "suivre"), {"courriel": "linh@exemple.fr", "site_web": ""})
    drain()

    row = Abonnement.objects.get()
    assert (row.sujet, row.confirme_le) == (subject(conseil.pk), None)
    assert "Confirmer et suivre ce conseil" in mail.outbox[0].alternatives[0][0]
    page = Client().get(f"/code/{row.code.replace('-', '')}/").content.decode()
    assert "Suivre ce conseil" in page
    assert "chaque ordre du jour" in page


def test_with_an_account_one_button_follows_and_one_ends(client, conseil):
    client.force_login(CompteFactory())

    client.post(at(conseil, "suivre"))
    page = client.get(reverse("notifications:preferences")).content.decode()
    followed = Abonnement.objects.count()
    ended = client.post(at(conseil, "suivre"), {"faire": "arreter"}, follow=True)

    assert followed == 1
    assert "Conseil des Rives" in page
    assert "Vous ne suivez plus ce conseil." in ended.content.decode()
    assert not Abonnement.objects.exists()


def test_a_council_is_followed_until_one_ends_it(conseil, time_machine):
    suivi.follow(subject(conseil.pk), CompteFactory())
    suivi.follow("conseil:987654", CompteFactory())
    time_machine.move_to(timezone.now() + timedelta(days=900))

    suivi.erase_outdated()

    assert Abonnement.objects.get().sujet == subject(conseil.pk)


@pytest.fixture
def meetings(conseil):
    """(past, cancelled, coming, draft, cancelled long ago)."""
    day, now = timedelta(days=1), timezone.now()
    past = ReunionFactory(conseil=conseil, debut=now - 30 * day, publie=True)
    coming = ReunionFactory(conseil=conseil, debut=now + 9 * day, publie=True, **ONLINE)
    gone, old = [ReunionFactory(conseil=conseil, debut=now + n * day, publie=True) for n in (3, 4)]
    for cancelled in (gone, old):
        planning.cancel(cancelled, Creneau.Motif.ORGANISATION, by=None)
    Creneau.objects.filter(pk=old.pk).update(annule_le=now - 40 * day)
    draft = PointFactory(reunion__conseil=conseil, titre="Secret").reunion
    ReunionFactory(debut=now + 9 * day, publie=True)
    return past, gone, coming, draft, old


def test_the_calendar_holds_the_public_meetings_with_the_link_to_join(client, conseil, meetings):
    past, gone, coming, draft, old = meetings

    answer = client.get(at(conseil, "ics"))

    events = {str(e["uid"]): e for e in Calendar.from_ical(answer.content).walk("VEVENT")}
    assert {uid.split("@")[0] for uid in events} == {
        f"creneau-{meeting.pk}" for meeting in (past, gone, coming)
    }
    states = sorted(str(event["status"]) for event in events.values())
    assert states == ["CANCELLED", "CONFIRMED", "CONFIRMED"]
    assert coming.lien_visio in answer.content.decode()
    assert b"Secret" not in answer.content
    assert answer["Content-Type"].startswith("text/calendar")
    assert not answer.cookies


def test_the_calendar_of_all_houses_tells_a_meeting_as_its_council_does(client, conseil):
    """C7: whatever one follows, the entry has the items and the link to join; a draft has none."""
    soon = {"debut": timezone.now() + timedelta(days=3)}
    meeting = ReunionFactory(conseil=conseil, publie=True, **soon, **ONLINE)
    draft = ReunionFactory(lien_visio="https://visio.example/secret", mode="mixte", **soon)
    held_on(soon["debut"])

    answers = [client.get(path).content for path in ("/agenda.ics", at(conseil, "ics"))]

    first, second = ({e["uid"]: e for e in events(answer)} for answer in answers)
    assert (len(first), len(second)) == (2, 1)
    [(uid, entry)] = second.items()
    assert first[uid] == entry
    assert entry["conference"] == meeting.lien_visio
    assert b"visio.example/secret" not in answers[0]
    assert not any(f"creneau-{draft.pk}@" in uid for uid in first)


def events(content):
    return Calendar.from_ical(content).walk("VEVENT")


@pytest.mark.parametrize("count", [1, 3])
def test_meetings_cost_that_calendar_two_statements(client, django_assert_num_queries, count):
    VilleFactory()
    soon = timezone.now() + timedelta(days=3)
    held_on(soon)
    with CaptureQueriesContext(connection) as without:
        client.get("/agenda.ics")
    for _ in range(count):
        PointFactory.create_batch(count, reunion=ReunionFactory(debut=soon, publie=True))

    with django_assert_num_queries(len(without) + 2):
        answer = client.get("/agenda.ics")

    assert len(events(answer.content)) == count + 1


def test_the_feed_holds_them_too_and_is_well_formed(client, conseil, meetings):
    coming = meetings[2]
    coming.points.first().delete()
    coming.points.update(titre="Bancs <u> & ombre")

    answer = client.get(at(conseil, "atom"))

    feed = ElementTree.fromstring(answer.content)
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 3
    assert entries[0].find(f"{ATOM}summary").text.endswith("\n1. Bancs <u> & ombre")
    assert b"Secret" not in answer.content


@pytest.mark.parametrize("name", ["ics", "atom"])
def test_what_has_not_changed_is_not_sent_again(client, conseil, meetings, name):
    first = client.get(at(conseil, name))

    again = client.get(at(conseil, name), headers={"if-none-match": first["ETag"]})

    assert (first.status_code, again.status_code) == (200, 304)
    assert "public" in first["Cache-Control"]
    assert client.get(f"/conseils/nulle-part/reunions.{name}").status_code == 404
    assert client.get(at(ConseilFactory(), name)).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", ["ics", "atom"])
def test_feeds_cost_constant_queries(client, conseil, django_assert_num_queries, count, name):
    for _ in range(count):
        ReunionFactory(conseil=conseil, publie=True)

    with django_assert_num_queries(4):  # council, meetings, items, city
        client.get(at(conseil, name))


@pytest.mark.parametrize("name", ["ics", "atom"])
def test_a_council_without_a_meeting_has_feeds_too(client, conseil, name):
    assert client.get(at(conseil, name)).status_code == 200
