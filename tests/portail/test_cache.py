"""One page for every visitor, kept until what it says changes, in every process (F1)."""

import socket
import subprocess
import sys
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponse
from django.utils import timezone

from maisons import planning
from maisons.models import Creneau
from portail.cache import LARGEST, remembered
from portail.emplacement import BASE_DIR
from portail.models import VersionAgenda
from tests.charge.bases import url_of
from tests.charge.serveur import environment
from tests.factories import (
    AffectationFactory,
    CompteFactory,
    ReservationFactory,
    VilleFactory,
)
from tests.portail.test_agenda import at, held_on

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = ["/", "/agenda/", "/agenda/?theme=culture", "/agenda/?mois=2026-12"]
FEEDS = ["/agenda.ics", "/agenda.atom", "/sitemap.xml"]
TOMORROW = timezone.localdate() + timedelta(days=1)


@pytest.fixture(autouse=True)
def ville():
    return VilleFactory()


@pytest.fixture
def held():
    return held_on(at(TOMORROW, 10), titre="Café tricot")


@pytest.mark.parametrize("page", PAGES + FEEDS)
def test_again_and_unchanged_costs_one_statement(client, held, django_assert_num_queries, page):
    first = client.get(page)

    with django_assert_num_queries(1):  # the version
        again = client.get(page)
    with django_assert_num_queries(1):
        unchanged = client.get(page, headers={"If-None-Match": first["ETag"]})

    assert (again.content, again["ETag"]) == (first.content, first["ETag"])
    assert again["Content-Type"] == first["Content-Type"]
    assert again["Cache-Control"] == "public, no-cache"
    assert (unchanged.status_code, unchanged.content) == (304, b"")


@pytest.mark.parametrize(
    "change",
    [
        lambda held: planning.cancel(held, Creneau.Motif.ORGANISATION, by=None),
        lambda held: planning.move(held, debut=held.debut + timedelta(minutes=30)),
        lambda held: type(held.maison).objects.filter(pk=held.maison_id).update(nom="Autre nom"),
        lambda held: type(held.quartier).objects.filter(pk=held.quartier_id).update(nom="Autre"),
        lambda held: Creneau.objects.filter(pk=held.pk).update(publie_le=None),
        lambda held: held_on(at(TOMORROW, 15), titre="Un autre"),
    ],
    ids=["cancel", "move", "house", "quartier", "withdraw", "publish"],
)
def test_a_change_shows_on_the_next_request(client, held, change):
    before = client.get("/agenda/")

    change(held)

    after = client.get("/agenda/", headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert after.content != before.content


@pytest.mark.parametrize("page", ["/agenda.ics", "/agenda.atom"])
@pytest.mark.parametrize(
    "change",
    [
        lambda held: planning.move(held, debut=held.debut + timedelta(minutes=30)),
        lambda held: type(held.maison).objects.filter(pk=held.maison_id).update(nom="Autre nom"),
        lambda held: type(held.salle).objects.filter(pk=held.salle_id).update(nom="Autre nom"),
    ],
    ids=["move", "house", "room"],
)
def test_a_feed_shows_a_change_at_the_next_request(client, held, page, change):
    before = client.get(page)

    change(held)

    after = client.get(page, headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert after.content != before.content


@pytest.mark.parametrize(("size", "kept"), [(LARGEST, True), (LARGEST + 1, False)])
def test_what_would_fill_the_cache_is_made_each_time(size, kept):
    pages = iter([HttpResponse(b"a" * size), HttpResponse(b"b" * size)])

    first, second = (remembered("tag", lambda: next(pages)).content for _ in range(2))

    assert (first == second) is kept


def test_a_change_made_elsewhere_shows_here(client, held):
    """Another process moves the date; ours has the page in its cache."""
    before = client.get("/agenda/").content
    script = (
        "import django; django.setup()\n"
        "from maisons import planning\n"
        "from maisons.models import Evenement\n"
        "event = Evenement.objects.get()\n"
        "event.titre = 'Café crochet'\n"
        "event.save()\n"
        "planning.describe(event)\n"
    )

    subprocess.run(
        [sys.executable, "-c", script],
        cwd=BASE_DIR,
        env=environment(url_of(connection.settings_dict["NAME"]))
        | {"DJANGO_SETTINGS_MODULE": "portail.settings", "REDIS_URL": "redis://localhost:1"},
        check=True,
    )

    after = client.get("/agenda/").content.decode()
    assert "Café tricot" in before.decode()
    assert "Café crochet" in after
    assert "Café tricot" not in after


def test_a_private_booking_changes_no_version(held):
    booking = ReservationFactory()
    before = VersionAgenda.current()

    planning.cancel(booking, Creneau.Motif.DEMANDE, by=None)

    assert VersionAgenda.current() == before


def test_one_transaction_changes_it_once_at_its_end(held):
    before, mine = VersionAgenda.current(), Creneau.objects.filter(pk=held.pk)

    with transaction.atomic(), connection.cursor() as cursor:
        mine.update(mention="3 places")
        assert VersionAgenda.current() == before
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        changed = VersionAgenda.current()
        mine.update(mention="2 places")
        assert VersionAgenda.current() == changed

    assert VersionAgenda.current() == changed != before


def test_what_a_transaction_has_changed_is_kept_for_nobody(client, held):
    with transaction.atomic():
        Creneau.objects.filter(pk=held.pk).update(titre="Pas encore")
        assert "Pas encore" in client.get("/agenda/").content.decode()
        transaction.set_rollback(True)

    assert "Café tricot" in client.get("/agenda/").content.decode()


def test_the_same_bytes_for_any_visitor(client, held):
    affectation = AffectationFactory()
    visitors = [None, CompteFactory(), affectation.compte, CompteFactory(is_superuser=True)]
    found = {page: set() for page in PAGES + FEEDS}

    for visitor in visitors:
        cache.clear()  # each is the first to ask
        client.logout()
        if visitor:
            client.force_login(visitor)
        for page in found:
            response = client.get(page)
            assert "Cookie" not in response.get("Vary", "")
            found[page].add(response.content)

    assert {page: len(contents) for page, contents in found.items()} == dict.fromkeys(found, 1)


@pytest.fixture
def silent():
    """The port of a server that takes calls, and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize("page", PAGES + FEEDS)
def test_without_the_cache_pages_are_made_again(client, held, settings, page):
    lose_cache(settings, 1)

    assert [client.get(page).status_code for _ in range(2)] == [200, 200]


def test_a_silent_cache_is_not_waited_for(client, held, settings, silent):
    lose_cache(settings, silent)

    assert client.get(PAGES[0]).status_code == 200


def lose_cache(settings, port):
    lost = {"LOCATION": f"redis://127.0.0.1:{port}/0"}
    settings.CACHES = {"default": settings.CACHES["default"] | lost}


def test_tomorrow_is_another_page(client, held, time_machine):
    time_machine.move_to(at(date(2026, 12, 31), 23), tick=False)
    before = client.get("/agenda/")

    time_machine.move_to(at(date(2027, 1, 1), 0), tick=False)

    assert client.get("/agenda/")["ETag"] != before["ETag"]


def test_a_fault_is_told_to_the_next_visitor_too(client, held):
    for _ in range(2):
        assert "Ce mois n’existe pas" in client.get("/agenda/?mois=2026-13").content.decode()
