"""The houses of the city, quartier by quartier, and which of them are open now."""

from functools import cached_property

from maisons.models import Maison
from maisons.ouverture import next_opening
from maisons.recherche import nearness
from quartiers.carte import draw
from quartiers.models import Quartier, Ville

NEIGHBOURS = 3  # houses of other quartiers shown below those of the one chosen


def with_openings(maisons, now, ville):
    """[(house, the opening that goes on or comes next, or None)]."""
    houses = maisons.with_hours(now)
    return [(house, next_opening(house, now, ville, house.closures)) for house in houses]


def is_open(opening):
    return bool(opening and opening.is_on)


def by_quartier(quartiers, rows):
    """[(quartier, its rows)], the order of the map; a row begins with a house."""
    return [(q, [row for row in rows if row[0].quartier_id == q.pk]) for q in quartiers]


def carte(quartiers, rows):
    """The map of these rows; it tells which houses are open."""
    return draw(
        quartiers,
        [maison for maison, _ in rows],
        {maison.pk: is_open(opening) for maison, opening in rows},
    )


class Annuaire:
    """What `/maisons/` shows of `?quartier=` and `?ouvert=1`."""

    def __init__(self, asked, now):
        self.ville = Ville.current()
        self.quartiers = list(Quartier.objects.all())
        self.only_open = asked.get("ouvert") == "1"
        self.chosen = asked.get("quartier", "")
        self.quartier = next((q for q in self.quartiers if q.slug == self.chosen), None)
        self.unknown = bool(self.chosen and not self.quartier)
        self.all_rows = with_openings(Maison.objects.all(), now, self.ville)

    @cached_property
    def rows(self):
        """Those that are looked for, whatever their quartier, the nearest to it first."""
        rows = [row for row in self.all_rows if is_open(row[1]) or not self.only_open]
        if self.quartier:
            rows.sort(key=lambda row: nearness(row[0], self.quartier))
        return rows

    @cached_property
    def groups(self):
        """[(quartier, its rows)]: of the one chosen, or of all that have some."""
        groups = by_quartier(self.quartiers, self.rows)
        return [(q, rows) for q, rows in groups if (rows and not self.chosen) or q == self.quartier]

    @cached_property
    def here(self):
        return [row for _, rows in self.groups for row in rows]

    @cached_property
    def neighbours(self):
        """The nearest houses of other quartiers."""
        if not self.quartier:
            return []
        return [row for row in self.rows if row[0].quartier_id != self.quartier.pk][:NEIGHBOURS]

    @cached_property
    def carte(self):
        return carte(self.quartiers, self.here + self.neighbours)

    @property
    def sentence(self):
        """(how many houses, of which how many are open)."""
        number, opened = len(self.here), sum(is_open(opening) for _, opening in self.here)
        place = f" dans le quartier {self.quartier}" if self.quartier else ""
        if not number:
            return f"Aucune maison{' ouverte maintenant' * self.only_open}{place}.", ""
        houses = f"{number} maison{'s' * (number > 1)}"
        if self.only_open:
            return f"{houses} ouverte{'s' * (number > 1)} maintenant{place}.", ""
        now = {0: "Aucune n’est ouverte", 1: "1 est ouverte"}.get(opened, f"{opened} sont ouvertes")
        return f"{houses}{place}.", f"{now} en ce moment."
