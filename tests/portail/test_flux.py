"""The agenda as a calendar and as a feed: nothing private, and right for good (F5, F6, F9)."""

import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from django.http import QueryDict
from django.utils import timezone
from icalendar import Calendar

from maisons import planning
from maisons.models import Creneau, Evenement
from portail.agenda import Agenda
from portail.flux import Flux
from tests.factories import MaisonFactory, OccurrenceFactory, ReservationFactory, VilleFactory
from tests.portail.test_agenda import at, held_on

pytestmark = pytest.mark.django_db
KHAL = Path(sys.executable).with_name("khal")
ICS, ATOM = "/agenda.ics", "/agenda.atom"
NAMES = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture(autouse=True)
def ville():
    return VilleFactory(telephone="04 65 71 00 00")


@pytest.fixture
def held():
    """Tomorrow at ten, for two hours."""
    house = MaisonFactory(nom="Maison des Lavoirs", adresse="12 quai", telephone="04 65 71 00 11")
    return held_on(at(timezone.localdate() + timedelta(days=1), 10), maison=house)


def calendar(client, **query):
    return Calendar.from_ical(client.get(ICS, query).content)


def dates(client, **query):
    return calendar(client, **query).walk("VEVENT")


def feed(client, **query):
    return ElementTree.fromstring(client.get(ATOM, query).content)


def entries(client, **query):
    return feed(client, **query).findall("a:entry", NAMES)


def read(element, name):
    return element.findtext(f"a:{name}", namespaces=NAMES)


def test_past_the_limit_it_says_so(held):
    later = held_on(held.debut + timedelta(days=1))

    cut, whole = (Flux(Agenda(QueryDict()), most) for most in (1, 2))

    for told in (cut.calendar().decode().replace("\r\n ", ""), cut.atom()):
        assert re.findall(r"creneau-(\d+)", told) == [str(held.pk)]
        assert "Seulement les 1 premiers rendez-vous" in told
    assert (whole.rows, whole.limit) == ([held.creneau, later.creneau], "")


def cancelled(held, days):
    planning.cancel(held, Creneau.Motif.ORGANISATION, by=None)
    Creneau.objects.filter(pk=held.pk).update(annule_le=timezone.now() - timedelta(days=days))


class TestTheCalendar:
    def test_says_of_a_date_what_one_needs_to_come(self, client, held):
        (event,) = dates(client)

        assert event["uid"] == f"creneau-{held.pk}@localhost"
        assert event.decoded("dtstart") == held.debut
        assert event["dtstart"].params["tzid"] == "Europe/Paris"
        assert event["url"] == f"http://localhost:8000/agenda/{held.pk}/"
        assert event["location"] == f"{held.salle}, Maison des Lavoirs, 12 quai, Rivemont"
        assert "Maison des Lavoirs, 04 65 71 00 11" in event["description"]
        assert {"dtstamp", "last-modified", "sequence", "status"} <= {k.lower() for k in event}

    def test_is_named_by_its_filters_and_asks_to_be_read_again(self, client, held):
        told = calendar(client, maison=held.maison.slug)

        assert told["x-wr-calname"] == "Maisons de quartier de Rivemont : Maison des Lavoirs"
        assert told["refresh-interval"].params["value"] == "DURATION"
        assert told["x-published-ttl"] == "PT4H"
        assert [zone["tzid"] for zone in told.walk("VTIMEZONE")] == ["Europe/Paris"]
        assert "method" not in told

    def test_has_short_lines_that_end_as_they_must(self, client, held):
        planning.change(held, titre="Élèves, « été » ; \r\nDTEND:19700101T000000Z\x0b" + "é" * 60)

        content = client.get(ICS).content

        lines = content.split(b"\r\n")
        assert max(map(len, lines)) <= 75
        assert not re.search(rb"[\x00-\x08\x0b-\x1f\r\n]", b"".join(lines))
        assert len(Calendar.from_ical(content).walk("VEVENT")[0].get("dtend").to_ical()) == 15

    @pytest.mark.parametrize("on", [date(2026, 10, 25), date(2027, 3, 28)])
    def test_a_day_without_hours_is_a_day(self, client, on):
        place = {"portee": "sans_salle", "salle": None, "maison": MaisonFactory()}
        debut, fin = (at(day).astimezone(UTC) for day in (on, on + timedelta(days=1)))
        held_on(debut, hours=(fin - debut) / timedelta(hours=1), heure_connue=False, **place)

        (event,) = dates(client, du=on.isoformat(), au=on.isoformat())

        assert event.decoded("dtstart") == on
        assert event.decoded("dtend") == on + timedelta(days=1)

    @pytest.mark.parametrize(("on", "behind"), [(date(2026, 10, 25), 1), (date(2027, 3, 28), 2)])
    def test_hours_are_local_on_the_days_when_the_hour_changes(self, client, on, behind):
        held_on(at(on, 14))

        told = calendar(client, du=on.isoformat(), au=on.isoformat())

        (rules,), (event,) = told.walk("VTIMEZONE"), told.walk("VEVENT")
        assert event["dtstart"].to_ical() == f"{on:%Y%m%d}T140000".encode()
        offset = rules.to_tz(lookup_tzid=False).utcoffset(at(on, 14).replace(tzinfo=None))
        assert offset == timedelta(hours=behind)

    def test_outside_the_houses_the_number_is_the_citys(self, client, ville):
        house = MaisonFactory()
        place = {"portee": "hors_les_murs", "adresse_libre": "Square des Pins"}
        held_on(timezone.now(), salle=None, maison=house, **place, quartier=house.quartier)
        Creneau.objects.update(maison=None)

        (event,) = dates(client)

        assert event["location"] == "Square des Pins, Rivemont"
        assert event["contact"] == ville.telephone


class TestWhatChanges:
    def test_keeps_its_name_and_grows_its_sequence(self, client, held):
        def told():
            (event,), (entry,) = dates(client), entries(client)
            return event, read(entry, "id"), read(entry, "updated")

        event = Evenement.objects.get()
        first = told()
        planning.move(held, debut=held.debut + timedelta(hours=1), fin=held.fin)
        moved = told()
        event.titre = "Après"
        event.save()
        planning.describe(event)
        named = told()

        assert first[0]["uid"] == moved[0]["uid"] == named[0]["uid"]
        assert first[1] == moved[1] == named[1] == f"tag:localhost,2026:creneau-{held.pk}"
        assert [each["sequence"] for each, *_ in (first, moved, named)] == [0, 1, 2]
        assert first[2] < moved[2] < named[2]

    def test_nothing_new_is_the_same_bytes_later(self, client, held, time_machine):
        query = {"du": timezone.localdate().isoformat()}
        first = [client.get(path, query).content for path in (ICS, ATOM)]

        planning.change(held, mention="3 places restantes")
        planning.describe(Evenement.objects.get())
        time_machine.move_to(timezone.now() + timedelta(minutes=5))

        assert [client.get(path, query).content for path in (ICS, ATOM)] == first

    @pytest.mark.parametrize(("days", "told"), [(29, True), (31, False)])
    def test_a_cancelled_date_is_told_for_thirty_days(self, client, held, days, told):
        cancelled(held, days)

        assert [event["status"] for event in dates(client)] == ["CANCELLED"] * told
        assert [read(entry, "title") for entry in entries(client)] == [
            "Annulé : Café tricot"
        ] * told


class TestTheFeed:
    def test_says_where_it_is_and_where_its_page_is(self, client, held):
        told = feed(client, q="café", maison=held.maison.slug)

        links = {link.get("rel"): link.get("href") for link in told.findall("a:link", NAMES)}
        query = {"q": ["café"], "maison": [held.maison.slug]}
        assert urlsplit(links["self"]).path == ATOM
        assert urlsplit(links["alternate"]).path == "/agenda/"
        assert [parse_qs(urlsplit(link).query) for link in links.values()] == [query, query]
        assert read(told, "id") == links["self"]
        assert read(told, "title").endswith("de Rivemont : café, Maison des Lavoirs")

    def test_an_entry_has_all_that_is_asked_of_it(self, client, held):
        held.maison.nom = "Maison <des> \x07Lavoirs & Co"
        held.maison.save()

        (entry,) = entries(client)

        assert datetime.fromisoformat(read(entry, "updated")) == Creneau.objects.get().modifie_le
        assert entry.find("a:link", NAMES).get("href").endswith(f"/agenda/{held.pk}/")
        assert "de 10\u00a0h à 12\u00a0h" in read(entry, "summary")
        assert "Maison <des>  Lavoirs & Co, 12 quai" in read(entry, "summary")

    def test_an_empty_one_is_one(self, client):
        assert entries(client) == []
        assert read(feed(client), "updated").startswith(timezone.localdate().isoformat())
        assert calendar(client).walk("VEVENT") == []


@pytest.mark.parametrize("path", [ICS, ATOM])
class TestBoth:
    def test_nobody_is_known(self, client, held, path):
        response = client.get(path)

        assert not response.cookies
        assert not response.has_header("Vary")

    def test_the_head_alone_can_be_asked_for(self, client, held, path):
        head, whole = client.head(path), client.get(path)

        assert (head.status_code, head.content) == (200, b"")
        assert head.headers == whole.headers
        assert client.post(path).status_code == 405

    @pytest.mark.parametrize("count", [1, 3])
    def test_its_cost_is_constant(self, client, django_assert_num_queries, path, count):
        for rank in range(count):
            held_on(timezone.now() + timedelta(days=rank))

        with django_assert_num_queries(4):  # quartiers, houses, city, rows
            response = client.get(path)

        assert len(re.findall(r"creneau-\d+", response.content.decode())) == count

    def test_drafts_and_bookings_stay_out(self, client, held, path):
        tomorrow = at(timezone.localdate() + timedelta(days=1), 14)
        OccurrenceFactory(debut=tomorrow, maison=held.maison)
        ReservationFactory(debut=tomorrow, maison=held.maison)

        for query in ("", "?nature=reservation", "?publie_le__isnull=1", f"?q={held.titre}"):
            told = client.get(path + query).content.decode()
            assert re.findall(r"creneau-(\d+)", told) == [str(held.pk)], query

    def test_what_cannot_be_read_is_left_out(self, client, held, path):
        response = client.get(path, {"du": "2026-02-31", "quartier": "nulle-part"})

        assert response.status_code == 200
        assert f"creneau-{held.pk}" in response.content.decode()


def test_a_real_calendar_reads_it(client, held, tmp_path):
    later = held_on(held.debut + timedelta(days=1), titre="Concert, « été » ; entrée libre")
    planning.cancel(later, Creneau.Motif.ORGANISATION, by=None)
    (tmp_path / "agenda.ics").write_bytes(client.get(ICS).content)
    (tmp_path / "config").write_text(
        f"[calendars]\n[[maisons]]\npath = {tmp_path}/maisons\n[sqlite]\npath = {tmp_path}/db\n"
        "[locale]\nlocal_timezone = Europe/Paris\ndefault_timezone = Europe/Paris\n"
        "dateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\ntimeformat = %H:%M\n"
        "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
    )

    def khal(*words):
        command = [KHAL, "-c", str(tmp_path / "config"), *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    khal("import", "--batch", str(tmp_path / "agenda.ics"))
    told = khal("list", "--format", "{start} {title} {location} {status}", "today", "7d")

    assert f"{timezone.localtime(held.debut):%Y-%m-%d} 10:00 Café tricot" in told
    assert "Maison des Lavoirs, 12 quai, Rivemont CONFIRMED" in told
    assert "10:00 Concert, « été » ; entrée libre" in told
    assert "CANCELLED" in told


class TestFollowing:
    def test_a_filtered_list_offers_its_own_feeds(self, client, held):
        query = f"?maison={held.maison.slug}&q=caf%C3%A9&du={timezone.localdate()}"

        page = unescape(client.get(f"/agenda/{query}").content.decode())

        head, block = page.split("</head>")[0], page.split("Suivre cet agenda")[1]
        for path, kind in ((ICS, "text/calendar"), (ATOM, "application/atom+xml")):
            (link,) = re.findall(
                rf'rel="alternate" type="{re.escape(kind)}"[^>]*href="(.*?)"', head
            )
            assert urlsplit(link).path == path
            assert parse_qs(urlsplit(link).query) == parse_qs(query[1:])
        for words in ("Sur mon téléphone", "Dans Google Agenda", "Télécharger le fichier"):
            assert f">{words}</a>" in block
        assert "une journée" in block
        assert "ICS" not in re.sub(r"<[^>]*>", "", page)

    def test_what_one_subscribes_to_keeps_its_filters_and_moves_on_with_the_days(
        self, client, held
    ):
        page = client.get(f"/agenda/?du={timezone.localdate()}&maison={held.maison.slug}")

        links = re.findall(
            r'href="((?:webcal:|https://calendar.google).*?)"', page.content.decode()
        )

        webcal = f"webcal://localhost:8000/agenda.ics?maison={held.maison.slug}"
        assert links[0] == webcal
        assert parse_qs(urlsplit(links[1]).query) == {"cid": [webcal]}

    @pytest.mark.parametrize("of", ["maison", "quartier"])
    def test_a_house_and_a_quartier_offer_theirs(self, client, held, of):
        place = getattr(held, of)

        page = client.get(place.get_absolute_url()).content.decode()

        query = f"?{of}={place.slug}"
        for link in (
            f"/agenda/{query}",
            f"/agenda.atom{query}",
            f"webcal://localhost:8000{ICS}{query}",
        ):
            assert f'href="{link}"' in page
