"""Points and outlines: WGS 84 or Lambert-93, told apart by their size; which quartier holds one."""

import json
import re
from functools import cache, reduce
from math import cos, radians

import shapely
from pyproj import Transformer
from shapely.errors import GEOSException
from shapely.geometry import Point, shape

from portail.importation.conversion import decimal
from portail.importation.rapport import Rejet
from portail.importation.texte import key

METRES_PER_DEGREE = 111_320
SLIP = 2  # metres: what two neighbours' borders may miss or cover of each other in a file
NEAR = 300  # metres: a point on the city's edge belongs to the quartier beside it
LATITUDES, LONGITUDES = (41, 52), (-6, 11)  # of mainland France
EASTINGS, NORTHINGS = (-400_000, 1_400_000), (5_900_000, 7_300_000)  # Lambert-93, in metres
PAIR = re.compile(r"\s*\(?\s*(-?\d+(?:[.,]\d+)?)\s*[,;\s]\s*(-?\d+(?:[.,]\d+)?)\s*\)?\s*")


@cache
def lambert():
    return Transformer.from_crs("EPSG:2154", "EPSG:4326", always_xy=True)


def within(value, limits):
    return limits[0] <= value <= limits[1]


def degrees(x, y):
    """(longitude, latitude) of a point in degrees or in Lambert-93; raises Rejet."""
    if within(x, EASTINGS) and within(y, NORTHINGS):
        x, y = lambert().transform(x, y)
    if not (within(x, (-180, 180)) and within(y, (-90, 90))):
        raise Rejet(f"coordonnées ({x:g}, {y:g}) ni en degrés ni en Lambert-93")
    return round(x, 6), round(y, 6)


def ordered(a, b):
    """A pair without names is latitude first, unless that cannot be in mainland France."""
    turned = within(a, LONGITUDES) and within(b, LATITUDES)
    metres = within(a, EASTINGS) and within(b, NORTHINGS)
    return (a, b) if turned or metres else (b, a)


def position(fiche):
    """(longitude, latitude) of a row, None when it has none; raises Rejet when it is no place."""
    place = fiche.raw("position")
    if isinstance(place, str) and place.strip().startswith("{"):
        place = geometry_of(place)
    x, y = fiche.text("longitude"), fiche.text("latitude")
    if isinstance(place, dict):
        centre = polygon_or_point(place)
        point = (centre.x, centre.y) if centre else None
    elif place not in (None, "", []):
        point = ordered(*pair(place))
    elif x and y:
        point = number(x), number(y)
    else:
        point = None
    if point is None or point == (0, 0):  # many files write 0 for "unknown"
        return None
    return degrees(*point)


def number(text):
    try:
        return decimal(text)
    except ValueError as error:
        raise Rejet(f"coordonnée {error}") from None


def pair(place):
    if isinstance(place, list) and len(place) == 2:
        return [number(str(value)) for value in place]
    match = PAIR.fullmatch(str(place))
    if not match:
        raise Rejet(f"position « {str(place)[:40]} » illisible")
    return [number(text) for text in match.groups()]


def geometry_of(text):
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        raise Rejet("géométrie illisible") from None


def polygon_or_point(geojson):
    geometry = to_shape(geojson)
    return geometry.representative_point() if geometry and not geometry.is_empty else None


def to_shape(value):
    """A shapely geometry of GeoJSON (object or text) or WKT; None for nothing; raises Rejet."""
    if value in (None, "", {}):
        return None
    try:
        if isinstance(value, str) and not value.strip().startswith("{"):
            return shapely.from_wkt(value)
        return shape(geometry_of(value) if isinstance(value, str) else value)
    except (GEOSException, ValueError, TypeError, KeyError, AttributeError, IndexError):
        raise Rejet("géométrie illisible") from None


def outline(value):
    """The polygons of a row in degrees, mended when they cross themselves; None without any."""
    geometry = to_shape(value)
    if geometry is None or geometry.is_empty:
        return None
    if within(geometry.bounds[0], EASTINGS) and within(geometry.bounds[1], NORTHINGS):
        geometry = shapely.transform(
            geometry, lambda points: list(zip(*lambert().transform(*points.T), strict=True))
        )
    try:
        geometry = shapely.make_valid(shapely.force_2d(geometry))
    except GEOSException:
        raise Rejet("géométrie illisible") from None
    polygons = [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon"]
    nested = [part for part in shapely.get_parts(geometry) if part.geom_type == "MultiPolygon"]
    polygons += [polygon for part in nested for polygon in part.geoms]
    if not polygons:
        raise Rejet("la géométrie n’est pas un contour")
    west, south, east, north = geometry.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise Rejet("contour ni en degrés ni en Lambert-93")
    return shapely.MultiPolygon(polygons)


def simplified(outlines):
    """
    Lists of rings, light enough for a page; borders stay shared, holes and small parts stay.

    The whole weighs at most 6 KB plus 500 bytes for each outline, whatever the source's detail.
    """
    outlines = joined(outlines)
    tolerance, rings = 4, []
    while tolerance < 500:
        tolerance *= 1.25
        lighter = shapely.coverage_simplify(outlines, tolerance / METRES_PER_DEGREE)
        rings = [rings_of(geometry) for geometry in lighter]
        if len(json.dumps(rings)) <= 6_000 + 500 * len(outlines):
            break
    return rings


def joined(outlines):
    """Without the slips between two neighbours; as they are when they cover each other for good."""
    slip = SLIP / METRES_PER_DEGREE
    if shapely.coverage_is_valid(outlines, gap_width=slip):
        return outlines
    clean = shapely.coverage_clean(outlines, gap_width=slip, snapping_distance=slip)
    pairs = zip(clean, outlines, strict=True)
    return clean if all(abs(new.area / old.area - 1) < 0.01 for new, old in pairs) else outlines


def rings_of(geometry):
    """
    [[[longitude, latitude], …], …] to a metre, the largest part first, each before its holes.

    Outer rings run anticlockwise and holes clockwise (RFC 7946): drawn as one path, holes stay
    empty.
    """
    parts = sorted(shapely.get_parts(geometry), key=lambda part: -part.area)
    rings = [
        ring
        for part in map(shapely.orient_polygons, parts)
        for ring in (part.exterior, *part.interiors)
    ]
    return [[[round(x, 5), round(y, 5)] for x, y in ring.coords] for ring in rings if ring.coords]


def geometry_in(rings):
    """The outline that `rings_of` wrote."""
    return reduce(shapely.symmetric_difference, map(shapely.Polygon, rings), shapely.MultiPolygon())


def same_code(one, other):
    """« 05 » and « 5 » are one code: a spreadsheet drops what is before."""
    return one.lstrip("0") == other.lstrip("0")


class Decoupage:
    """Quartiers, or the sous-quartiers of one: found by code, by name or by a point in them."""

    def __init__(self, rows, exact):
        """`exact`: {pk: outline} as read in this run; the stored ones are simplified."""
        self.rows = list(rows)
        stored = {row.pk: geometry_in(row.contour) for row in self.rows}
        self.outlines = {
            row.pk: exact.get(row.pk) or stored[row.pk]
            for row in self.rows
            if row.contour or exact.get(row.pk)
        }

    def named(self, text):
        by_code = (row for row in self.rows if row.code and same_code(row.code, text))
        by_name = (row for row in self.rows if key(row.nom) == key(text))
        return next(by_code, None) or next(by_name, None)

    def at(self, longitude, latitude):
        """(row, metres away): 0 inside; (None, None) when none is near."""
        squeeze = cos(radians(latitude))
        point = Point(longitude, latitude)
        best = None, None
        for row in self.rows:
            if not (area := self.outlines.get(row.pk)):
                continue
            if area.covers(point):
                return row, 0
            nearest = shapely.shortest_line(point, area).coords[1]
            east, north = (nearest[0] - longitude) * squeeze, nearest[1] - latitude
            metres = round((east**2 + north**2) ** 0.5 * METRES_PER_DEGREE)
            if metres <= NEAR and (best[1] is None or metres < best[1]):
                best = row, metres
        return best
