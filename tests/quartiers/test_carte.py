"""The map: outlines and houses in one frame."""

import re

import pytest

from quartiers.carte import HEIGHT, WIDTH, draw
from tests.factories import MaisonFactory, QuartierFactory, VilleFactory

SQUARE = [[[3.80, 43.55], [3.95, 43.55], [3.95, 43.66], [3.80, 43.66]]]


@pytest.mark.django_db
def test_everything_stays_in_the_frame_and_north_is_up():
    place = QuartierFactory(contour=SQUARE)
    south, north = (
        MaisonFactory(quartier=place, longitude=3.87, latitude=lat) for lat in (43.56, 43.65)
    )
    MaisonFactory(quartier=place)  # without coordinates

    drawn = draw([place], [south, north])

    numbers = [float(number) for number in re.findall(r"[\d.]+", drawn["quartiers"][0][1])]
    assert all(0 <= x <= WIDTH for x in numbers[::2])
    assert all(0 <= y <= HEIGHT for y in numbers[1::2])
    (_, _, low), (_, _, high) = drawn["maisons"]
    assert high < low


@pytest.mark.django_db
@pytest.mark.parametrize("contour", [[], [[[3.8, 43.5]]], [[[3.8, 43.5], [3.8, 43.5]]]])
def test_a_city_without_outlines_has_no_map(client, contour):
    VilleFactory()
    QuartierFactory(contour=contour, nom="Sans contour")

    page = client.get("/").content.decode()

    assert "Carte des quartiers" not in page
    assert "Sans contour" in page


@pytest.mark.django_db
def test_the_list_says_the_same_as_the_map(client):
    VilleFactory()
    place = QuartierFactory(contour=SQUARE)
    house = MaisonFactory(quartier=place, longitude=3.87, latitude=43.6)

    page = client.get("/").content.decode()

    for url in (place.get_absolute_url(), house.get_absolute_url()):
        assert page.count(f'href="{url}"') == 2
