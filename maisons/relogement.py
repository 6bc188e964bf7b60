"""Where those whose room closes may go: free rooms for the same span, here, then nearby."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q, prefetch_related_objects
from django.utils import timezone

from maisons import natures
from maisons.models import Creneau, Fermeture, Maison, Salle
from maisons.models.creneau import TsTzRange
from maisons.voisinage import nearest

OFFERED = 3


@dataclass
class Row:
    """A créneau that a closure hits: what it is, whom to tell, the rooms that it may have."""

    creneau: Creneau  # as its nature reads it
    free: list  # every room that it may have, the best first
    first: Salle | None = None  # the best of those that no row above is offered first

    @property
    def kind(self):
        return natures.registry()[self.creneau.nature]

    @property
    def description(self):
        return self.kind.describe(self.creneau)

    @property
    def admin_url(self):
        return self.kind.admin_url(self.creneau)

    @property
    def offered(self):
        others = [room for room in self.free if room != self.first]
        return ([self.first] if self.first else []) + others[: OFFERED - bool(self.first)]

    @cached_property
    def counted(self):
        return self.kind.counted(self.creneau)

    @cached_property
    def contacts(self):
        return [c for c in self.kind.contacts(self.creneau) if c.courriel or c.telephone]


class Relogement:
    """The rooms that some créneaux of one house may have, in a fixed number of statements."""

    def __init__(self, maison, creneaux, by):
        self.maison = maison
        self.creneaux = creneaux
        self.by = by

    def rows(self):
        rows, promised = [], []
        for creneau in self.creneaux:
            row = Row(creneau, self.free(creneau))
            for room in row.free:
                wanted = self.hold(room, creneau)
                if not any(clash(wanted, other) for other in promised):
                    row.first = room
                    promised.append(wanted)
                    break
            rows.append(row)
        return rows

    def free(self, creneau):
        """The best first: large enough, in this house, without stairs, of the nearest size."""
        begun = creneau.debut <= timezone.now()
        if creneau.portee != Creneau.Portee.SALLE or begun:
            return []
        old, wanted = creneau.salle, creneau.personnes or creneau.salle.capacite
        found = [room for room in self.candidates if self.suits(room, creneau)]
        return sorted(
            found,
            key=lambda room: (
                room.capacite < wanted,
                self.houses.index(room.maison),
                bool(old.plain_pied and not room.plain_pied),
                abs(room.capacite - wanted),
                room.nom,
            ),
        )

    def suits(self, room, creneau):
        if creneau.personnes and creneau.personnes > room.capacite:
            return False
        return self.is_open(room, creneau) and not self.is_taken(room, creneau)

    def is_open(self, room, creneau):
        span = creneau.debut, creneau.fin
        # What already went on outside the hours may, where the agent has the keys.
        usual = self.houses[0].open_throughout(*span) or room.maison_id not in self.managed
        if usual and not room.maison.open_throughout(*span):
            return False
        rooms = {None, room.partie_de_id, *(part.pk for part in self.footprint(room))}
        return not any(
            closure.salle_id in rooms
            for closure in self.closures[room.maison_id]
            if closure.debut < creneau.fin and closure.fin > creneau.debut
        )

    def is_taken(self, room, creneau):
        wanted = self.hold(room, creneau)
        return any(
            clash(wanted, (set(other.emprise), other.debut, other.libere_a))
            for other in self.busy[room.maison_id]
            if other.pk != creneau.pk
        )

    def hold(self, room, creneau):
        """What it would hold: which rooms, from when, until when they are tidied up."""
        rooms = self.footprint(room)
        freed = creneau.fin + max(part.battement for part in rooms)
        return {part.pk for part in rooms}, creneau.debut, freed

    def footprint(self, room):
        return [room, *self.parts[room.pk]]

    @cached_property
    def candidates(self):
        """
        The rooms that the agent may give: those of their houses, and what anybody may take.

        A hall does not replace a room; the desk of another house is asked, not passed by.
        """
        return [
            room
            for room in self.rooms
            if not room.partagee
            and (room.maison_id in self.managed or (room.reservable and not room.avec_accord))
        ]

    @cached_property
    def houses(self):
        """The one that closes, then the nearest."""
        houses = nearest(self.maison)
        prefetch_related_objects(houses, "horaires")
        return houses

    @cached_property
    def managed(self):
        keys = [house.pk for house in self.houses]
        mine = Maison.objects.managed_by(self.by).filter(pk__in=keys)
        return set(mine.values_list("pk", flat=True))

    @cached_property
    def rooms(self):
        rooms = list(Salle.objects.filter(maison__in=self.houses))
        by_key = {house.pk: house for house in self.houses}
        for room in rooms:
            room.maison = by_key[room.maison_id]
        return rooms

    @cached_property
    def parts(self):
        """{whole room: its parts}: taking the whole takes them, with the longest buffer."""
        parts = defaultdict(list)
        for room in self.rooms:
            parts[room.partie_de_id].append(room)
        return parts

    @cached_property
    def closures(self):
        """{house: its closures while the créneaux last}."""
        first = min(creneau.debut for creneau in self.creneaux)
        last = max(creneau.fin for creneau in self.creneaux)
        found = Fermeture.objects.filter(maison__in=self.houses).during(first, last)
        return by_house(found)

    @cached_property
    def busy(self):
        """{house: what holds its rooms at the hours of the créneaux}."""
        buffer = max(room.battement for room in self.rooms)
        spans = [Q(held__overlap=TsTzRange(c.debut, c.fin + buffer)) for c in self.creneaux]
        held = Creneau.objects.holding().exclude(emprise=[]).filter(maison__in=self.houses)
        held = held.alias(held=TsTzRange("debut", "libere_a"))
        held = held.filter(Q(*spans, _connector=Q.OR))
        return by_house(held.only("maison", "emprise", "debut", "libere_a"))


def by_house(rows):
    grouped = defaultdict(list)
    for row in rows:
        grouped[row.maison_id].append(row)
    return grouped


def clash(one, other):
    """Whether two holds, each its rooms and its two instants, meet in one room."""
    return bool(one[0] & other[0]) and one[1] < other[2] and other[1] < one[2]
