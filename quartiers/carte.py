"""The map of the city: outlines and points in longitude and latitude, drawn flat in an SVG."""

from dataclasses import dataclass
from math import cos, radians

WIDTH, HEIGHT, MARGIN = 520, 390, 14


@dataclass(frozen=True)
class Projection:
    """Equirectangular around the middle latitude: exact enough over a city, and all in one line."""

    west: float
    north: float
    scale: float
    squeeze: float
    left: float
    top: float

    def point(self, longitude, latitude):
        x = self.left + (longitude - self.west) * self.squeeze * self.scale
        y = self.top + (self.north - latitude) * self.scale
        return round(x, 1), round(y, 1)

    def path(self, contour):
        """The `d` of an SVG path for a list of rings."""
        rings = []
        for ring in contour:
            points = " ".join("{:g} {:g}".format(*self.point(*place)) for place in ring)
            rings.append(f"M{points}Z")
        return "".join(rings)

    def label(self, contour):
        """Where the name goes: the middle of the box of the largest ring."""
        ring = max(contour, key=len)
        longitudes, latitudes = [p[0] for p in ring], [p[1] for p in ring]
        return self.point(
            (min(longitudes) + max(longitudes)) / 2, (min(latitudes) + max(latitudes)) / 2
        )


def projection(places):
    """The projection that fits [(longitude, latitude)] in the frame; None for too few places."""
    if len(places) < 2:
        return None
    west, east = min(p[0] for p in places), max(p[0] for p in places)
    south, north = min(p[1] for p in places), max(p[1] for p in places)
    squeeze = cos(radians((south + north) / 2))
    wide, high = (east - west) * squeeze, north - south
    if not wide or not high:
        return None
    scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high)
    left, top = (WIDTH - wide * scale) / 2, (HEIGHT - high * scale) / 2
    return Projection(west, north, scale, squeeze, left, top)


def beside(label, houses):
    """A label that would cover a house goes under it."""
    x, y = label
    near = [top for left, top in houses if abs(left - x) < 50 and -16 < top - y < 26]
    return x, max(near, default=y - 32) + 32


def draw(quartiers, maisons):
    """What the template draws: quartiers as (it, path, x, y), houses as (it, x, y)."""
    outlined = [quartier for quartier in quartiers if quartier.contour]
    places = [place for quartier in outlined for ring in quartier.contour for place in ring]
    flat = projection(places)
    if flat is None:
        return {"rayon": 0, "quartiers": [], "maisons": []}
    located = [maison for maison in maisons if maison.longitude is not None]
    points = [flat.point(maison.longitude, maison.latitude) for maison in located]
    return {
        "rayon": 25 if len(located) < 15 else 13,  # of the zone to touch around a house
        "quartiers": [
            (q, flat.path(q.contour), *beside(flat.label(q.contour), points)) for q in outlined
        ],
        "maisons": [(m, *p) for m, p in zip(located, points, strict=True)],
    }
