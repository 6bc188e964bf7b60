"""The houses of the city and which are open: the page, its filters, its map."""

import json
import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from portail.importation.coordonnees import outline, simplified
from tests.factories import FermetureFactory, MaisonFactory, QuartierFactory, VilleFactory
from tests.quartiers.test_carte import EAST, SQUARE

pytestmark = pytest.mark.django_db
DONNEES = settings.BASE_DIR.parent / "shared" / "donnees" / "montpellier-2014"
TUESDAY = datetime(2026, 11, 24, 10, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.fixture
def city(time_machine):
    """« Ouest » and « Est »; in each an open house and, called Close, one closed today."""
    time_machine.move_to(TUESDAY)
    VilleFactory()
    for name, contour, longitude in [("Ouest", SQUARE, 3.87), ("Est", EAST, 4.0)]:
        place = QuartierFactory(nom=name, slug=name.lower(), contour=contour)
        where = {"quartier": place, "latitude": 43.6}
        MaisonFactory(nom=f"Ouverte à l’{name}", longitude=longitude, **where)
        closed = MaisonFactory(nom=f"Close à l’{name}", longitude=longitude + 0.02, **where)
        FermetureFactory(maison=closed, debut=TUESDAY.replace(hour=0), fin=TUESDAY.replace(hour=23))


def show(client, query=""):
    return client.get(f"/maisons/{query}").content.decode().replace("\u00a0", " ")


def names(html):
    return re.findall(r'<li><p><a href="[^"]*">([^<]*)</a>', html)


def said(html):
    return re.sub("<[^>]*>", "", re.search('role="status">(.*?)</p>', html)[1]).strip()


@pytest.mark.parametrize(
    ("query", "found", "sentence"),
    [
        (
            "",
            ["Close à l’Est", "Ouverte à l’Est", "Close à l’Ouest", "Ouverte à l’Ouest"],
            "4 maisons. 2 sont ouvertes en ce moment.",
        ),
        ("?ouvert=1", ["Ouverte à l’Est", "Ouverte à l’Ouest"], "2 maisons ouvertes maintenant."),
        (
            "?quartier=ouest",
            ["Ouverte à l’Ouest", "Close à l’Ouest", "Ouverte à l’Est", "Close à l’Est"],
            "2 maisons dans le quartier Ouest. 1 est ouverte en ce moment.",
        ),
        (
            "?quartier=ouest&ouvert=1",
            ["Ouverte à l’Ouest", "Ouverte à l’Est"],
            "1 maison ouverte maintenant dans le quartier Ouest.",
        ),
    ],
)
def test_houses_are_filtered_and_the_nearest_come_first(client, city, query, found, sentence):
    page = show(client, query)

    assert names(page) == found
    assert said(page) == sentence


def test_when_all_is_closed_the_page_says_so(client, city, time_machine):
    time_machine.move_to(TUESDAY.replace(hour=23))

    assert said(show(client, "?ouvert=1")) == "Aucune maison ouverte maintenant."
    assert show(client).count("Fermée, ouvre demain à 8 h") == 4


def test_each_filter_keeps_the_other(client, city):
    page = show(client, "?quartier=ouest&ouvert=1")

    assert 'href="?quartier=est&amp;ouvert=1"' in page
    assert 'href="/maisons/?ouvert=1">Toute la ville' in page
    assert 'href="/maisons/?quartier=ouest">Voir aussi les maisons fermées' in page
    assert 'href="?quartier=est&amp;ouvert=1">Voir seulement' in show(client, "?quartier=est")


def test_an_unknown_quartier_is_not_found(client, city):
    assert client.get("/maisons/?quartier=ailleurs").status_code == 404


@pytest.mark.parametrize("page", ["/maisons/", "/quartiers/", "/quartiers/est/"])
def test_the_map_tells_an_open_house_by_its_name_and_its_shape(client, city, page):
    html = client.get(page).content.decode()
    houses = re.findall(r'aria-label="((?:Ouverte|Close) [^"]*)".*?class="(maison[^"]*)"', html)

    assert ("Ouverte à l’Est, ouverte maintenant", "maison") in houses
    assert ("Close à l’Est", "maison fermee") in houses


def test_the_home_page_is_kept_so_says_nothing_of_the_hour(client, city, time_machine):
    morning = client.get("/").content.decode()
    time_machine.move_to(TUESDAY.replace(hour=23))

    assert client.get("/").content.decode() == morning
    assert "ouverte maintenant" not in morning
    assert 'href="/maisons/?ouvert=1"' in morning


@pytest.mark.skipif(not DONNEES.is_dir(), reason="../shared/donnees n’est pas là")
def test_the_map_of_montpellier_is_light(client):
    VilleFactory()
    rows = json.loads((DONNEES / "VilleMTP_MTP_Quartiers.geojson").read_text())["features"]
    light = simplified([outline(row["geometry"]) for row in rows])
    for row, contour in zip(rows, light, strict=True):
        place = QuartierFactory(nom=row["properties"]["LIBQUART"], contour=contour)
        for number in range(4):
            where = {"longitude": contour[0][number][0], "latitude": contour[0][number][1]}
            MaisonFactory(quartier=place, **where)

    page = client.get("/quartiers/").content.decode()

    drawing = re.search('<svg class="dense".*?</svg>', page, re.S)[0]
    assert drawing.count("<a ") == 7 + 7 + 28
    assert len(drawing.encode()) < 30_000
