"""The map of the city: outlines and points in longitude and latitude, drawn flat in an SVG."""

from dataclasses import dataclass
from math import cos, dist, hypot, inf, radians

WIDTH, MARGIN = 520, 14
LOW, HIGH = 260, 520  # the height follows the city, within these
LETTER, LINE = 11.2, 22  # mean width of a letter, height of a line: on a phone, where it is largest
SHORT = 11  # letters, beyond which a name takes two lines
ZONE, LEAST = 25, 11  # radius of what is touched: the most, and what two houses at one place keep
MANY = 15  # houses, beyond which they are drawn smaller
DROPS = {1: ["0.35em"], 2: ["-0.2em", "1.1em"]}  # of the lines of a name, around its middle
SHIFTS_ACROSS = (0, -24, 24, -48, 48, -80, 80)
SHIFTS_DOWN = (0, -14, 14, -28, 28, -42, 42, -56, 56)


@dataclass(frozen=True)
class Projection:
    """Equirectangular around the middle latitude: exact enough over a city, and all in one line."""

    west: float
    north: float
    scale: float
    squeeze: float
    left: float
    top: float
    height: int

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
        """The centre of gravity of its largest part, where a name is looked for."""
        return centre([self.point(*place) for place in contour[0]])


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
    return centre(contour[0]) if contour else (None, None)


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
    scale = min((WIDTH - 2 * MARGIN) / wide, (HIGH - 2 * MARGIN) / high)
    height = max(LOW, round(high * scale) + 2 * MARGIN)
    left, top = (WIDTH - wide * scale) / 2, (height - high * scale) / 2
    return Projection(west, north, scale, squeeze, left, top, height)


def lines_of(name):
    """A name in one line, or in two about as long when it is long."""
    cuts = [rank + 1 for rank, sign in enumerate(name) if sign in " -"]
    if len(name) <= SHORT or not cuts:
        return [name]
    cut = min(cuts, key=lambda rank: abs(rank - len(name) / 2))
    return [name[:cut].strip(), name[cut:]]


def place_names(wanted, houses, height):
    """
    Where the middle of each name goes, [(x, y)], near the point wanted, [(lines, x, y)].

    The nearest place that covers the fewest houses and names; a greedy choice, one after the other.
    """
    placed = []
    for lines, x, y in wanted:
        half, tall = max(map(len, lines)) * LETTER / 2, len(lines) * LINE / 2
        spots = [(x + dx, y + dy) for dx in SHIFTS_ACROSS for dy in SHIFTS_DOWN]

        def cost(spot, half=half, tall=tall, x=x, y=y):
            left, top = spot
            covered = sum(abs(u - left) < half + 9 and abs(v - top) < tall + 9 for u, v in houses)
            crossed = sum(
                abs(u - left) < half + wide + 4 and abs(v - top) < tall + high
                for u, v, wide, high in placed
            )
            outside = max(half - left, left + half - WIDTH, tall - top, top + tall - height, 0)
            return 2 * covered + 4 * crossed + outside + (abs(left - x) + abs(top - y)) / 40

        placed.append((*min(spots, key=cost), half, tall))
    return [(round(x, 1), round(y, 1)) for x, y, *_ in placed]


def zones(points):
    """The radius of what is touched around each house: as far as half the way to the next one."""
    nearest = [
        min((dist(one, other) for k, other in enumerate(points) if k != rank), default=inf)
        for rank, one in enumerate(points)
    ]
    return [round(min(ZONE, max(LEAST, way / 2)), 1) for way in nearest]


@dataclass(frozen=True)
class Carte:
    """
    What the template draws, quartier by quartier, as the lists beside it go.

    `terres`: [(quartier, path)]; `quartiers`: [(quartier, its name in `lines` around
    `x`, `y`, or None, [(house, x, y, radius, whether it is open or None)])].
    """

    height: int
    dense: bool
    terres: list
    quartiers: list


def draw(quartiers, maisons, is_open=None):
    """
    The map, or None without outlines.

    `is_open`: {pk of a house: bool}, for a page that is not kept: it depends on the hour.
    """
    outlined = [quartier for quartier in quartiers if quartier.contour]
    flat = projection([place for q in outlined for ring in q.contour for place in ring])
    if flat is None:
        return None
    located = [maison for maison in maisons if maison.longitude is not None]
    points = [flat.point(maison.longitude, maison.latitude) for maison in located]
    wanted = [(lines_of(q.nom), *flat.middle(q.contour)) for q in outlined]
    places = place_names(wanted, points, flat.height)
    names = {
        q: {"lines": list(zip(lines, DROPS[len(lines)], strict=True)), "x": x, "y": y}
        for q, (lines, *_), (x, y) in zip(outlined, wanted, places, strict=True)
    }
    houses = {}
    for maison, point, radius in zip(located, points, zones(points), strict=True):
        drawn = (maison, *point, radius, is_open and is_open[maison.pk])
        houses.setdefault(maison.quartier_id, []).append(drawn)
    return Carte(
        height=flat.height,
        dense=len(located) > MANY,
        terres=[(q, flat.path(q.contour)) for q in outlined],
        quartiers=[
            (q, names.get(q), houses.get(q.pk, []))
            for q in quartiers
            if q in names or q.pk in houses
        ],
    )
