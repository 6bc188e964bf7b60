"""One room on one day, half hour by half hour: what the planning paints, the last coat on top."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import groupby
from urllib.parse import urlencode

from django.utils import timezone

from maisons import heures
from maisons.models import Creneau, Salle

STEP, USUAL = timedelta(minutes=30), timedelta(hours=2)
# (state, words, créneau or None) of a half hour.
LIBRE, FERME, RANGEMENT = [
    (etat, words, None)
    for etat, words in [("libre", "libre"), ("ferme", "fermé"), ("ferme", "rangement")]
]


@dataclass(frozen=True)
class Span:
    """A run of half hours of one room in one state, as the planning shows it."""

    etat: str  # libre, pris, ferme, or the nature of a public créneau
    titre: str
    debut: datetime
    fin: datetime
    rang: int  # 1 for the first half hour of the grid
    pas: int  # length in half hours
    salle: Salle
    use: Creneau | None  # what holds it, for the staff: the public reads `titre` alone

    @property
    def place(self):
        """The classes that put it on its track."""
        return f"{self.etat} de-{self.rang} sur-{self.pas}"

    @cached_property
    def hours(self):
        return heures.hours(self.debut, self.fin)

    @property
    def query(self):
        """The address query of the booking form: the start, and two hours if they fit."""
        length = min(self.fin - self.debut, USUAL, self.salle.duree_max)
        return urlencode(filled_in(self.debut, self.debut + length))


def filled_in(debut, fin):
    """What the booking form takes from its address, for a span within a day."""
    first, last = timezone.localtime(debut), timezone.localtime(fin)
    return {"jour": f"{first:%Y-%m-%d}", "de": f"{first:%H:%M}", "a": f"{last:%H:%M}"}


class RoomDay:
    """The half hours of a room, each (state, words, créneau or None), for so many people."""

    def __init__(self, salle, parts, grid, personnes=1):
        self.salle, self.grid, self.personnes = salle, grid, personnes
        self.rooms = {room.pk: room for room in [salle, *parts]}  # taking the whole takes them
        self.cells = [LIBRE] * len(grid)

    def ranks(self, debut, fin):
        """The half hours that a span touches; by the clock, also when the hour changes."""
        start = self.grid[0]
        first = (debut.astimezone(start.tzinfo) - start) // STEP
        after = -((start - fin.astimezone(start.tzinfo)) // STEP)
        first, after = max(first, 0), min(after, len(self.cells))
        return range(first, max(first, after))

    def paint(self, debut, fin, state):
        ranks = self.ranks(debut, fin)
        self.cells[ranks.start : ranks.stop] = [state] * len(ranks)

    def paint_rules(self, now):
        """What the form would refuse: on request only, too far ahead, too late, past."""
        salle, start, end = self.salle, self.grid[0], self.grid[-1] + STEP
        if not salle.reservable:
            self.paint(start, end, ("ferme", "sur demande à l’accueil", None))
        if start.date() > salle.latest:
            self.paint(start, end, ("ferme", "pas encore ouvert", None))
        self.paint(start, now + salle.preavis, ("ferme", "trop tard pour réserver", None))
        self.paint(start, now, ("ferme", "passé", None))

    def used_by(self, creneaux):
        """Those of a house, by their start, that use the room."""
        keys = self.rooms.keys()
        if self.salle.partagee:
            whole_house = Creneau.Portee.MAISON
            return [c for c in creneaux if c.portee == whole_house or c.salle_id in keys]
        return [creneau for creneau in creneaux if not keys.isdisjoint(creneau.emprise)]

    def paint_tidying(self, uses):
        """Before each use, the time to tidy up after whoever would book."""
        if buffer := max(room.battement for room in self.rooms.values()):
            for creneau in uses:
                self.paint(creneau.debut - buffer, creneau.debut, RANGEMENT)

    def paint_uses(self, uses):
        """Of two in one half hour, the first is told."""
        uses = uses[::-1]
        if self.salle.partagee:
            self.paint_full(uses)
            uses = [creneau for creneau in uses if creneau.portee == Creneau.Portee.MAISON]
        for creneau in uses:
            self.paint(creneau.debut, creneau.libere_a, self.told(creneau))

    def paint_full(self, uses):
        """The half hours in which a shared hall has no place for so many more people."""
        taken = [0] * len(self.cells)
        for creneau in uses:
            for rank in self.ranks(creneau.debut, creneau.fin):
                taken[rank] += creneau.personnes or 0
        for creneau in uses:
            for rank in self.ranks(creneau.debut, creneau.fin):
                if taken[rank] + self.personnes > self.salle.capacite:
                    self.cells[rank] = self.told(creneau)

    def told(self, creneau):
        """(state, words, créneau) of what holds a room: nothing of it that is not published."""
        if creneau.publie_le:
            return creneau.nature, creneau.titre, creneau
        return "pris", "occupé", creneau

    def paint_closures(self, closures):
        for closure in reversed(closures):
            if closure.salle_id in {None, self.salle.partie_de_id, *self.rooms}:
                state = "ferme", f"fermé : {closure.motif}", None
                self.paint(closure.debut, closure.fin, state)

    def runs(self):
        found, rank = [], 0
        for (etat, titre, creneau), several in groupby(self.cells):
            length = len(list(several))
            debut = self.grid[rank]
            fin = debut + length * STEP
            if creneau:
                debut, fin = max(debut, creneau.debut), min(fin, max(creneau.fin, debut + STEP))
            found.append(Span(etat, titre, debut, fin, rank + 1, length, self.salle, creneau))
            rank += length
        return found
