"""No page walks a table that grows, and none asks more of a large city (conception § 6.6)."""

from datetime import timedelta
from io import StringIO
from urllib.parse import parse_qsl
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from comptes.models import Compte
from maisons.heures import starts_at
from maisons.models import Creneau, Salle
from notifications.rappels import registry

pytestmark = pytest.mark.django_db
SMALL, LARGE = 1_750, 20_000  # one week, eleven weeks
# Tables that grow, and their indexes.
NAMES = ["creneau", "reservation", "occurrence", "evenement"]
GROWING = (*NAMES, *(f"maisons_{name}" for name in NAMES))
# Of a month, a third of these eleven weeks, reading the whole table may well be the best plan.
TWO_WEEKS = f"/agenda/?au={timezone.localdate() + timedelta(days=13)}"
MONTH = f"/agenda/?mois={timezone.localdate():%Y-%m}"
LATER = f"/agenda/?du={timezone.localdate() + timedelta(days=4)}"
ROOMS = f"/salles/?jour={timezone.localdate() + timedelta(days=4)}&personnes=8&pres_de=bellevue"
NO_ROOM = f"{ROOMS}&de=23:00"
DAY = "/maisons/{maison}/salles/?jour=" + f"{timezone.localdate() + timedelta(days=5)}"
WEEK = f"{DAY}&vue=semaine"

# The statements of each page, whatever the number of rows.
PAGES = {
    "/": 4,
    "/agenda/": 5,
    TWO_WEEKS: 5,
    LATER: 5,
    "/agenda/?quartier=bellevue&quartier=les-tanneries": 5,
    "/agenda/?maison={maison}": 5,
    "/agenda/?nature=evenement": 5,
    "/agenda/?theme=numerique&public=aines&gratuit=oui&plain_pied=oui&age=70": 5,
    "/agenda/?jour=mercredi&jour=samedi&par=50": 5,
    "/agenda/?q=atelier": 5,
    "/agenda/?q=introuvable": 7,
    "/agenda/?q=introuvable&quartier=bellevue": 7,
    MONTH: 5,
    "/agenda.ics": 4,
    "/agenda.atom?quartier=bellevue&nature=evenement": 4,
    "/sitemap.xml": 19,
    ROOMS: 8,
    NO_ROOM: 11,
    "/recherche/?q=atelier": 12,
    "/recherche/?q=atellier": 24,
    "/recherche/?q=introuvable": 13,
    "/recherche/?q=atelier&dans=evenements": 5,
    "/recherche/?q=atelier&dans=autres-dates": 5,
    "/maisons/": 5,
    "/maisons/?quartier=bellevue&ouvert=1": 5,
    "/maisons/{maison}/": 14,
    "/maisons/{maison}/salles/": 6,
    DAY: 6,
    WEEK: 6,
    "/maisons/{maison}/salles/{salle}/": 6,
    WEEK.replace("salles/", "salles/{salle}/"): 6,
    "/quartiers/": 5,
    "/quartiers/bellevue/": 13,
    "/donnees/permanences.json": 8,
}
# How many rows of one table a statement may read: those of a fortnight, here of ten weeks or more;
# of three months where nothing is found before.
FORTNIGHT, SEASON = LARGE / 10, LARGE / 4
SEASONS = [TWO_WEEKS, MONTH, "/agenda/?q=introuvable", "/agenda/?q=introuvable&quartier=bellevue"]
SEASONS.append(NO_ROOM)
SEARCHES = [page for page in PAGES if page.startswith("/recherche/")]
WHOLE = [NO_ROOM, "/sitemap.xml", *SEARCHES]
OTHER_MONTHS = "/recherche/?q=atelier&dans=autres-dates"
BOOKING = {"verifier": 44, "confirmer": 26, "perdre": 27}


def as_new():
    """Give back what other tests took back: an index keeps its size, and a plan weighs it."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM FULL")


@pytest.fixture(scope="module", params=[SMALL, LARGE])
def city(request, django_db_setup, django_db_blocker):
    """A city of so many créneaux, its tables analysed; nothing of it is committed."""
    with django_db_blocker.unblock():
        as_new()
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("peupler", creneaux=request.param, stdout=StringIO())
        connection.check_constraints()  # here once, else after each test
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        yield request.param
        transaction.set_rollback(True)


@pytest.fixture
def salle(city):
    """A room of a house where something public goes on tomorrow."""
    tomorrow = starts_at(timezone.localdate() + timedelta(days=1))
    public = Creneau.objects.public().during(tomorrow, tomorrow + timedelta(days=1))
    maison = public.exclude(salle=None).order_by("pk")[0].maison
    return Salle.objects.select_related("maison").get(maison=maison, slug="bureau")


def read(asked, growing=GROWING):
    """What the plans of these statements read of the tables that grow: {node: rows}, at most."""
    found = {}
    for statement in asked.captured_queries:
        if statement["sql"].startswith("SELECT"):
            for node in nodes(explain(statement["sql"])):
                place = node.get("Relation Name") or node.get("Index Name", "")
                if place.startswith(growing):
                    rows = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
                    name = f"{node['Node Type']} on {place}"
                    found[name] = max(found.get(name, 0), rows * node["Actual Loops"])
    return found


def explain(statement):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}")
        return cursor.fetchone()[0][0]["Plan"]


def nodes(plan):
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


def visit(client, page, salle):
    with CaptureQueriesContext(connection) as asked:
        response = client.get(page.format(maison=salle.maison.slug, salle=salle.slug))
    assert response.status_code == 200
    return asked


@pytest.mark.parametrize("page", PAGES)
def test_a_page_costs_constant_queries(client, salle, page):
    number = len(visit(client, page, salle))

    # Of one week, none may be of another month: nothing more is asked of no event.
    assert number == PAGES[page] or (page == OTHER_MONTHS and number == PAGES[page] - 2)


# Three weeks around when no room is free, three months for search engines: of these eleven weeks,
# a table read whole.
@pytest.mark.parametrize("city", [LARGE], indirect=True)
@pytest.mark.parametrize("page", [page for page in PAGES if page not in WHOLE])
def test_a_page_reads_a_window_of_the_table(client, salle, page):
    with connection.cursor() as cursor:  # of eleven weeks, a month may be most: an index does too
        cursor.execute(f"SET LOCAL enable_seqscan = {'off' if page == MONTH else 'on'}")

    found = read(visit(client, page, salle))

    assert [node for node in found if node.startswith("Seq Scan")] == []
    assert max(found.values(), default=0) < (SEASON if page in SEASONS else FORTNIGHT)


# Eleven weeks have so few events that reading them all is best: what counts is that an index does.
# (The last search reads all the dates of 200 events: of 400, most of that table.)
@pytest.mark.parametrize("city", [LARGE], indirect=True)
@pytest.mark.parametrize("page", SEARCHES[:-1])
def test_a_search_reads_indexes_and_the_dates_of_a_month(client, salle, page):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    found = read(visit(client, page, salle))

    assert [node for node in found if node.startswith("Seq Scan")] == []
    assert max(found.values()) < SEASON


@pytest.mark.parametrize("city", [LARGE], indirect=True)
@pytest.mark.parametrize("name", registry())
def test_the_sweep_of_reminders_reads_a_window_of_the_table(city, name):
    with CaptureQueriesContext(connection) as asked:
        list(registry()[name].coming(timezone.now()))

    found = read(asked)
    assert [node for node in found if node.startswith("Seq Scan")] == []
    assert max(found.values(), default=0) < FORTNIGHT


def book(client, salle, etape):
    """The statements of a booking: its check, then the same span twice."""
    room = reverse("maisons:salle", args=[salle.maison.slug, salle.slug])
    typed = dict(parse_qsl(client.get(room).context["first_free"].query))
    typed |= {"usage": "voisins", "personnes": 4, "etape": "confirmer"}
    if etape == "verifier":
        typed["etape"] = etape
    if etape == "perdre":
        client.post(f"{room}reserver/", typed | {"jeton": uuid4()})
    with CaptureQueriesContext(connection) as asked:
        response = client.post(f"{room}reserver/", typed | {"jeton": uuid4()})
    assert response.status_code == (302 if etape == "confirmer" else 200)
    return asked


@pytest.fixture
def resident(client, city):
    client.force_login(Compte.objects.get(courriel="habitant7@rivemont.example"))
    return client


@pytest.mark.parametrize("etape", BOOKING)
def test_a_booking_costs_constant_queries(resident, salle, etape):
    assert len(book(resident, salle, etape)) == BOOKING[etape]


@pytest.mark.parametrize("city", [LARGE], indirect=True)
@pytest.mark.parametrize("etape", BOOKING)
def test_a_booking_reads_a_window_of_the_table(resident, salle, etape):
    found = read(book(resident, salle, etape))

    assert [node for node in found if node.startswith("Seq Scan")] == []
    assert max(found.values()) < FORTNIGHT
