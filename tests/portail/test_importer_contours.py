"""Outlines as they are stored: light, with shared borders, and of the size they had."""

import json

import pytest
import shapely
from django.conf import settings

from portail.importation.coordonnees import METRES_PER_DEGREE, geometry_in, outline, simplified

DONNEES = settings.BASE_DIR.parent / "shared" / "donnees" / "montpellier-2014"
METRE = 1 / METRES_PER_DEGREE
WHOLE = shapely.box(3, 43, 3.03, 43.03)
POND = shapely.box(3.01, 43.01, 3.02, 43.02)
ISLAND = shapely.box(3.05, 43, 3.06, 43.01)


def stored(*outlines):
    return [geometry_in(rings) for rings in simplified([as_parts(shape) for shape in outlines])]


def as_parts(shape):
    return shapely.MultiPolygon(shapely.get_parts(shape).tolist())


def test_holes_and_parts_are_kept():
    around = as_parts(shapely.union(WHOLE.difference(POND), ISLAND))

    found = stored(around, POND)

    assert found[0].equals(around)
    assert found[1].equals(POND)


def test_a_hole_turns_the_other_way_so_that_nothing_is_drawn_there():
    (rings,) = simplified([as_parts(WHOLE.difference(POND))])

    assert [shapely.LinearRing(ring).is_ccw for ring in rings] == [True, False]


@pytest.mark.parametrize("slip", [1, -1])
def test_a_slip_between_two_neighbours_is_closed(slip):
    east = shapely.box(3.03 + slip * METRE, 43, 3.06, 43.03)

    west, east = stored(WHOLE, east)

    assert shapely.coverage_is_valid([west, east])
    assert west.intersection(east).length == pytest.approx(0.03, rel=0.01)


def test_outlines_that_cover_each_other_for_good_stay():
    assert [shape.area for shape in stored(WHOLE, POND)] == [WHOLE.area, POND.area]


@pytest.mark.skipif(not DONNEES.is_dir(), reason="../shared/donnees n’est pas là")
@pytest.mark.parametrize("name", ["Quartiers", "SousQuartiers"])
def test_montpellier_keeps_its_areas_and_no_sliver_comes_between_neighbours(name):
    text = (DONNEES / f"VilleMTP_MTP_{name}.geojson").read_text()
    real = [outline(feature["geometry"]) for feature in json.loads(text)["features"]]

    light = stored(*real)

    assert [new.area / old.area for new, old in zip(light, real, strict=True)] == pytest.approx(
        [1] * len(real), abs=0.01
    )
    assert shapely.coverage_is_valid(light, gap_width=20 * METRE)
    assert shapely.union_all(light).geom_type == "Polygon"
    assert sum(map(shapely.get_num_coordinates, light)) < 1000
