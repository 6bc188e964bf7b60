"""The map: outlines and houses in one frame, and in the order of the list."""

import re

import pytest

from quartiers.carte import HIGH, LEAST, WIDTH, ZONE, draw
from tests.factories import MaisonFactory, QuartierFactory, VilleFactory

pytestmark = pytest.mark.django_db
SQUARE = [[[3.80, 43.55], [3.95, 43.55], [3.95, 43.66], [3.80, 43.66]]]
EAST = [[[3.95, 43.55], [4.10, 43.55], [4.10, 43.66], [3.95, 43.66]]]


@pytest.fixture
def city():
    """Two quartiers side by side, « A » with two houses, « B » with one."""
    VilleFactory()
    west, east = QuartierFactory(nom="A", contour=SQUARE), QuartierFactory(nom="B", contour=EAST)
    MaisonFactory(quartier=east, nom="Une maison", longitude=4.0, latitude=43.6)
    for number, longitude in enumerate([3.82, 3.9]):
        MaisonFactory(quartier=west, nom=f"Z {number}", longitude=longitude, latitude=43.6)
    return [west, east]


def links(part):
    """The addresses that a keyboard meets, in their order."""
    tags = re.findall(r"<a [^>]*>", part)
    return [re.search('href="([^"]*)"', tag)[1] for tag in tags if "tabindex" not in tag]


def test_everything_stays_in_the_frame_and_north_is_up():
    place = QuartierFactory(contour=SQUARE)
    south, north = (
        MaisonFactory(quartier=place, longitude=3.87, latitude=lat) for lat in (43.56, 43.65)
    )
    nowhere = MaisonFactory(quartier=place)

    drawn = draw([place], [south, north, nowhere])

    numbers = [float(number) for number in re.findall(r"[\d.]+", drawn.terres[0][1])]
    assert all(0 <= x <= WIDTH for x in numbers[::2])
    assert all(0 <= y <= drawn.height <= HIGH for y in numbers[1::2])
    ((_, _, ((_, _, low, *_), (_, _, high, *_))),) = drawn.quartiers
    assert high < low


@pytest.mark.parametrize("contour", [[], [[[3.8, 43.5]]], [[[3.8, 43.5], [3.8, 43.5]]]])
def test_a_city_without_outlines_has_no_map(client, contour):
    VilleFactory()
    QuartierFactory(contour=contour, nom="Sans contour")

    page = client.get("/").content.decode()

    assert "Carte des quartiers" not in page
    assert "Sans contour" in page


@pytest.mark.parametrize("page", ["/", "/quartiers/", "/maisons/"])
def test_the_list_says_the_same_as_the_map_in_the_same_order(client, city, page):
    html = client.get(page).content.decode()
    before, drawing, after = re.split(
        r"(<svg(?: class=\"dense\")? viewBox=\"0 0 520.*?</svg>)", html, flags=re.S
    )

    on_map = links(drawing)
    listed = [url for url in links(before + after) if url in on_map]

    assert len(on_map) == 5
    assert listed == on_map


def test_no_house_takes_the_touch_of_another():
    place = QuartierFactory(contour=SQUARE)
    at = [3.81, 3.82, 3.9, 3.9]  # close, and two at one place
    houses = [MaisonFactory(quartier=place, longitude=x, latitude=43.6) for x in at]

    ((_, _, drawn),) = draw([place], houses).quartiers

    (_, x, _, radius, _), (_, next_x, _, next_radius, _), *same = drawn
    assert radius + next_radius <= next_x - x + 0.2 < 2 * ZONE
    assert [row[3] for row in same] == [LEAST, LEAST]


def test_a_long_name_takes_two_lines():
    place = QuartierFactory(contour=SQUARE, nom="Hôpitaux-Facultés")

    ((_, name, _),) = draw([place], []).quartiers

    assert [line for line, _ in name["lines"]] == ["Hôpitaux-", "Facultés"]


def test_a_hole_is_not_where_the_name_goes():
    hole = [[3.85 + n / 1000, 43.56 + n % 2 / 1000] for n in range(50)]
    place = QuartierFactory(contour=[*SQUARE, hole])

    ((_, name, _),) = draw([place], []).quartiers

    assert name["x"] == pytest.approx(WIDTH / 2, abs=1)
