"""What the bench measures with and how it tells it; no test here is about time."""

import json

import pytest
from django.db import connection

from maisons.models import Reservation
from tests.charge.bases import throw_away
from tests.charge.clients import Answer, get, request, send
from tests.charge.mesures import since
from tests.charge.pages import FILTERED, bare_booking
from tests.charge.plafond.donnees import load
from tests.charge.poids import Source, first_visit
from tests.charge.preparatifs import bookings, client, resize
from tests.charge.promesses import HELD, MISSED, UNKNOWN, Promesse, growth, share
from tests.charge.rapport import put
from tests.charge.releves import Releve, Visit
from tests.charge.releves import load as ask
from tests.charge.serveur import serve_ceiling
from tests.factories import ReservationFactory, SalleFactory

PAGE = """<!doctype html>
<html><head><link rel="stylesheet" href="/a.css"><link rel="next" href="/b"></head><body>
<svg><g><path/></g></svg><img src="/c.svg"><img src="/c.svg"><br></body></html>"""
DOCUMENT = "# Titre\n\nÉcrit à la main.\n\n## 10 000\n\nancien\n\n## Suite\n\nà la main aussi\n"
HEADERS = "HTTP/1.1 200 OK\r\nContent-Type: "


@pytest.fixture(scope="module")
def ceiling(django_db_setup):
    with throw_away(f"plafond_essai_{connection.settings_dict['NAME']}") as url:
        load(url, events=100, bookings=1_000)
        with serve_ceiling(url, 1) as serveur:
            yield serveur


@pytest.mark.parametrize("path", ["/agenda-sql", "/agenda-orm", "/agenda-cached"])
def test_a_page_of_the_ceiling_shows_fifty_rows(ceiling, path):
    page = send(ceiling.port, get(f"{path}?from=2027-01-01T00:00:00%2B00:00"))

    assert page.status == 200
    assert page.body.count('<li class="agenda-item') == 50


def test_the_ceiling_answers_a_known_version_without_its_page(ceiling):
    answer = send(ceiling.port, request("GET", "/agenda-cached", 'If-None-Match: "1"'))

    assert (answer.status, answer.body) == (304, "")


def test_the_ceiling_tells_a_day_of_five_rooms(ceiling):
    rooms = json.loads(send(ceiling.port, get("/day/3?d=2027-01-01")).body)["rooms"]

    assert [room["name"] for room in rooms] == [f"Salle {number}" for number in range(1, 6)]
    assert all(room["busy"] for room in rooms)


def test_the_ceiling_books_a_free_hour_once(ceiling):
    raw = next(bare_booking().requests)

    assert [send(ceiling.port, raw).status for _ in range(2)] == [201, 409]


def test_clients_stop_when_nothing_is_left_to_ask(ceiling):
    visit = Visit("vide", iter([get("/empty")] * 5))

    assert len(ask(ceiling.port, visit, seconds=60)) == 5


def test_a_drawing_is_one_node_and_a_file_is_fetched_once():
    page = Source(PAGE)

    assert page.nodes == 9
    assert page.files == {"/a.css", "/c.svg"}


def test_only_a_page_has_an_ecoindex():
    feed = Answer(200, f"{HEADERS}text/calendar", PAGE, 0)
    page = Answer(200, f"{HEADERS}text/html; charset=utf-8", "<p>Bonjour</p>", 0)

    assert first_visit(0, feed) is None
    assert first_visit(0, page) == 99


def test_a_section_takes_the_place_of_the_one_before_and_of_nothing_else():
    text = put(DOCUMENT, "10 000", ["coût 1.5"])

    assert text == DOCUMENT.replace("ancien", "coût 1,5")


def test_a_new_section_comes_last():
    assert put(DOCUMENT, "100 000", ["coût 1.5"]) == f"{DOCUMENT}\n## 100 000\n\ncoût 1,5\n"


@pytest.mark.parametrize(
    ("least", "found", "told"),
    [(True, 0.6, HELD), (True, 0.59, MISSED), (False, 0.6, HELD), (False, 0.61, MISSED)],
)
def test_a_promise_is_held_up_to_its_bound(least, found, told):
    row = Promesse("agenda", least, 0.6, lambda sizes: found).row([])

    assert row.split(" | ")[-1] == f"{told} |"


def test_a_promise_without_a_measure_is_not_held():
    assert UNKNOWN in Promesse("agenda", False, 1.2, growth(FILTERED, 0)).row([{}])


def measured(cost):
    found = Releve(FILTERED, rate=1, app=cost, database=0, median=1, p95=1, foreign=0)
    bare = Releve("", rate=1, app=5, database=5, median=1, p95=1, foreign=0)
    return {FILTERED: Releve(**vars(found) | {"ceiling": bare})}


def test_the_share_of_the_ceiling_is_that_of_the_largest_size():
    assert share(FILTERED)([measured(15), measured(20)]) == 0.5


def test_growth_is_told_beside_the_ceiling_of_each_size():
    assert growth(FILTERED, 0)([measured(10), measured(30), measured(12)]) == 1.2


def test_a_connection_renewed_meanwhile_takes_nothing_away():
    assert since({1: 10.0, 2: 5.0}, {2: 6.0, 3: 0.5}) == 1.5


@pytest.mark.django_db
def test_hours_are_made_ready_that_the_form_books():
    whole = SalleFactory()
    SalleFactory(maison=whole.maison, partie_de=whole)
    SalleFactory(maison=whole.maison, partagee=True)
    SalleFactory(maison=whole.maison)

    ready = list(bookings(40))

    answers = [
        client(compte).post(path, typed | {"etape": "confirmer"}) for compte, path, typed in ready
    ]
    assert [answer.status_code for answer in answers] == [302] * len(ready)
    assert Reservation.objects.count() == len(ready) == 18


@pytest.mark.django_db(transaction=True)  # no trigger is turned off while others wait
def test_a_house_gives_rooms_with_their_bookings_until_it_has_five():
    few, many, rest = (SalleFactory().maison for _ in range(3))
    rooms = SalleFactory.create_batch(7, maison=few)
    SalleFactory.create_batch(9, maison=many)
    booked = ReservationFactory(salle=rooms[0], maison=few)

    resize([few, many, rest])

    assert [maison.salles.count() for maison in (few, many, rest)] == [5, 12, 2]
    booked.refresh_from_db()
    assert booked.maison_id == booked.salle.maison_id
