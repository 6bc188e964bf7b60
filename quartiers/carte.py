"""The map of the city: outlines and points in longitude and latitude, drawn flat in an SVG."""

from dataclasses import dataclass
from math import cos, hypot, inf, radians

WIDTH, HEIGHT, MARGIN = 520, 390, 14
MANY = 15  # houses, beyond which they are drawn smaller
LETTER = 7.4  # mean width of a letter of a name
SHIFTS_ACROSS, SHIFTS_DOWN = (0, -24, 24, -48, 48), (0, -14, 14, -28, 28, -42, 42, -56, 56)


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

    def middle(self, contour):
        """The centre of gravity of the longest ring, where a name is looked for."""
        return centre([self.point(*place) for place in max(contour, key=len)])


def centre(ring):
    """The centre of gravity of a ring of points; its first point when it has no area."""
    corners = list(zip(ring, [*ring[1:], ring[0]], strict=True))
    areas = [x * v - u * y for (x, y), (u, v) in corners]
    if not sum(areas):
        return ring[0]
    weighed = [(x + u, y + v, area) for ((x, y), (u, v)), area in zip(corners, areas, strict=True)]
    return tuple(sum(row[axis] * row[2] for row in weighed) / 3 / sum(areas) for axis in (0, 1))


def middle(contour):
    """The middle of an outline, as (longitude, latitude); (None, None) without one."""
    return centre(max(contour, key=len)) if contour else (None, None)


def distance(place, other):
    """
    Between two (longitude, latitude), in degrees of latitude, flat as the city is.

    Infinite when one of them has no coordinates: (None, None).
    """
    if None in (*place, *other):
        return inf
    return hypot((place[0] - other[0]) * cos(radians(other[1])), place[1] - other[1])


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


def place_names(wanted, houses):
    """
    Where each name goes, [(x, y)], near the point wanted for it, [(name, x, y)].

    The nearest place that covers the fewest houses and names; a greedy choice, one after the other.
    """
    placed = []
    for name, x, y in wanted:
        half = len(name) * LETTER / 2
        spots = [(x + dx, y + dy) for dx in SHIFTS_ACROSS for dy in SHIFTS_DOWN]

        def cost(spot, half=half, x=x, y=y):
            left, top = spot
            covered = sum(abs(u - left) < half + 9 and -14 < v - top < 20 for u, v in houses)
            crossed = sum(
                abs(u - left) < half + other + 4 and abs(v - top) < 15 for u, v, other in placed
            )
            outside = max(half - left, left + half - WIDTH, 0)
            return 2 * covered + 4 * crossed + outside + (abs(left - x) + abs(top - y)) / 40

        placed.append((*min(spots, key=cost), half))
    return [(round(x, 1), round(y, 1)) for x, y, _ in placed]


def draw(quartiers, maisons):
    """What the template draws: quartiers as (it, path, x, y), houses as (it, x, y)."""
    outlined = [quartier for quartier in quartiers if quartier.contour]
    flat = projection([place for q in outlined for ring in q.contour for place in ring])
    if flat is None:
        return {"dense": False, "quartiers": [], "maisons": []}
    located = [maison for maison in maisons if maison.longitude is not None]
    points = [flat.point(maison.longitude, maison.latitude) for maison in located]
    names = place_names([(q.nom, *flat.middle(q.contour)) for q in outlined], points)
    return {
        "dense": len(located) > MANY,
        "quartiers": [
            (q, flat.path(q.contour), *name) for q, name in zip(outlined, names, strict=True)
        ],
        "maisons": [(m, *p) for m, p in zip(located, points, strict=True)],
    }
