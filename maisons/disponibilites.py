"""When rooms are free: days cut in half hours of local time."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from urllib.parse import urlencode

from django.db.models import prefetch_related_objects
from django.utils import timezone

from maisons import heures
from maisons.models import Creneau, Fermeture, Maison, Salle

STEP, USUAL = timedelta(minutes=30), timedelta(hours=2)
ROOMS_ON_A_PAGE = 12
EARLIEST, LATEST = 9, 21  # hours that the grid shows at least
# All that a planning reads of a créneau.
SHOWN = ["nature", "titre", "portee", "maison", "salle", "debut", "fin", "libere_a", "emprise"]
SHOWN += ["personnes", "publie_le"]


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

    @property
    def query(self):
        """The address query of the booking form: the start, and two hours if they fit."""
        length = min(self.fin - self.debut, USUAL, self.salle.duree_max)
        return urlencode(filled_in(self.debut, self.debut + length))


def filled_in(debut, fin):
    """What the booking form takes from its address, for a span within a day."""
    first, last = timezone.localtime(debut), timezone.localtime(fin)
    return {"jour": f"{first:%Y-%m-%d}", "de": f"{first:%H:%M}", "a": f"{last:%H:%M}"}


def grouped(rows, key):
    """{key: [rows]}, each list in the order given."""
    groups = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


class Disponibilites:
    """The rooms of a house or of several over some days, read in four statements."""

    def __init__(self, maisons, first, last=None):
        self.maisons = [maisons] if isinstance(maisons, Maison) else list(maisons)
        self.debut = heures.starts_at(first)
        self.fin = heures.starts_at((last or first) + timedelta(days=1))
        self.now = timezone.now()
        self.grids = {}

    @cached_property
    def opening(self):
        """{(house, weekday): its hours}, in local time."""
        prefetch_related_objects(self.maisons, "horaires")
        hours = [horaire for maison in self.maisons for horaire in maison.horaires.all()]
        return grouped(hours, lambda horaire: (horaire.maison_id, horaire.jour))

    @cached_property
    def closures(self):
        closures = Fermeture.objects.filter(maison__in=self.maisons)
        return grouped(closures.during(self.debut, self.fin), attrgetter("maison_id"))

    @cached_property
    def creneaux(self):
        """{house: its créneaux}, by their start."""
        used = Creneau.objects.holding().in_house(*self.maisons)
        used = used.occupying(self.debut, self.fin).order_by("debut")
        return grouped(used.only(*SHOWN), attrgetter("maison_id"))

    @cached_property
    def parts(self):
        """{whole room: its parts}: taking the whole takes them, with the longest buffer."""
        parts = Salle.objects.filter(maison__in=self.maisons, partie_de__isnull=False)
        return grouped(parts, attrgetter("partie_de_id"))

    def grid(self, on):
        """The half hours shown for a day: its opening, and never less than 9 h to 21 h."""
        if on not in self.grids:
            keys = [(maison.pk, on.weekday()) for maison in self.maisons]
            hours = [horaire for key in keys for horaire in self.opening.get(key, [])]
            first = min([EARLIEST, *(h.ouvre.hour for h in hours)])
            last = max([LATEST, *(h.ferme.hour + bool(h.ferme.minute) for h in hours)])
            starts = heures.starts_at(on, time(first))
            self.grids[on] = [starts + rank * STEP for rank in range((last - first) * 2)]
        return self.grids[on]

    def now_rank(self, on):
        """Where the line of the current hour goes, in half hours from the grid's start, or None."""
        grid = self.grid(on)
        past = (self.now - grid[0]) // STEP
        return past + 1 if 0 <= past < len(grid) else None

    def spans(self, salle, on, personnes=1):
        """The whole day of a room, as runs of half hours in one state, for so many people."""
        day = RoomDay(self, salle, on, personnes)
        cells = [(cell, day.state(cell)) for cell in self.grid(on)]
        runs, rank = [], 1
        for (etat, titre, key), several in groupby(cells, key=lambda cell: cell[1]):
            length = len(list(several))
            debut = cells[rank - 1][0]
            fin = debut + length * STEP
            if isinstance(key, Creneau):
                debut, fin = max(debut, key.debut), min(fin, max(key.fin, debut + STEP))
            runs.append(Span(etat, titre, debut, fin, rank, length, salle))
            rank += length
        return runs

    def free(self, salle, on, personnes=1):
        return [span for span in self.spans(salle, on, personnes) if span.etat == "libre"]

    def first_free(self, salle):
        """The earliest free run of a room within the days read, or None."""
        day = timezone.localdate(self.debut)
        while day < timezone.localdate(self.fin):
            if found := self.free(salle, day):
                return found[0]
            day += timedelta(days=1)
        return None


class RoomDay:
    """What closes and what uses one room on one day."""

    def __init__(self, known, salle, on, personnes):
        self.salle, self.on, self.now, self.personnes = salle, on, known.now, personnes
        self.rooms = {room.pk: room for room in [salle, *known.parts.get(salle.pk, [])]}
        self.buffer = max(room.battement for room in self.rooms.values())
        debut, fin = heures.starts_at(on), heures.starts_at(on + timedelta(days=1))
        self.closures = [
            closure
            for closure in known.closures.get(salle.maison_id, [])
            if closure.debut < fin
            and closure.fin > debut
            and (closure.salle_id is None or closure.salle_id in self.rooms)
        ]
        self.creneaux = [
            creneau
            for creneau in known.creneaux.get(salle.maison_id, [])
            if creneau.debut < fin and creneau.libere_a > debut and self.used_by(creneau)
        ]
        self.opening = [
            (heures.starts_at(on, horaire.ouvre), heures.starts_at(on, horaire.ferme))
            for horaire in known.opening.get((salle.maison_id, on.weekday()), [])
        ]

    def used_by(self, creneau):
        if self.salle.partagee:
            whole_house = creneau.portee == Creneau.Portee.MAISON
            return whole_house or creneau.salle_id == self.salle.pk
        return not self.rooms.keys().isdisjoint(creneau.emprise)

    def state(self, cell):
        """(state, words, créneau or None) of one half hour; equal ones make one run."""
        salle, end = self.salle, cell + STEP
        for closure in self.closures:
            if closure.debut < end and closure.fin > cell:
                return "ferme", f"fermé : {closure.motif}", None
        if use := self.use(cell, end):
            if use.publie_le:
                return use.nature, use.titre, use
            return "pris", "occupé", use
        if not any(opens <= cell and end <= closes for opens, closes in self.opening):
            return "ferme", "fermé", None
        if any(end <= c.debut < end + self.buffer for c in self.creneaux):
            return "ferme", "rangement", None
        if cell < self.now + salle.preavis:
            return "ferme", "passé" if cell < self.now else "trop tard pour réserver", None
        if self.on > timezone.localdate(self.now) + timedelta(days=salle.horizon):
            return "ferme", "pas encore ouvert", None
        if not salle.reservable:
            return "ferme", "sur demande à l’accueil", None
        return "libre", "libre", None

    def use(self, debut, fin):
        """The first créneau that leaves no place in a half hour, or None."""
        if not self.salle.partagee:
            held = (c for c in self.creneaux if c.debut < fin and c.libere_a > debut)
            return next(held, None)
        uses = [c for c in self.creneaux if c.debut < fin and c.fin > debut]
        whole = [c for c in uses if c.portee == Creneau.Portee.MAISON]
        taken = sum(c.personnes or 0 for c in uses)
        full = taken + self.personnes > self.salle.capacite
        return next(iter(whole or (uses if full else [])), None)


def alternatives(reservation, most=3):
    """Other free spans of the same length for somebody who lost: this room, then its house."""
    day = timezone.localdate(reservation.debut)
    length = reservation.fin - reservation.debut
    found = []
    known = Disponibilites(reservation.maison, day)
    rooms = Salle.objects.filter(maison=reservation.maison_id, reservable=True)
    enough = [r for r in rooms if r.capacite >= (reservation.personnes or 1)]
    for room in sorted(enough, key=lambda room: (room.pk != reservation.salle_id, room.capacite)):
        for span in known.free(room, day):
            if span.fin - span.debut >= length:
                start = min(max(span.debut, reservation.debut), span.fin - length)
                found.append((room, start, start + length))
    return found[:most]


def day_of_rooms(maison, rooms, asked):
    """
    What the planning of some rooms shows of a day, `asked` as ISO text.

    Without a day that exists: the first within two weeks on which one of the rooms is free.
    """
    today = timezone.localdate()
    ahead = Disponibilites(maison, today, today + timedelta(days=13))
    frees = {room.pk: ahead.first_free(room) for room in rooms}
    starts = [free.debut for free in frees.values() if free]
    day = parse_day(asked) or (timezone.localdate(min(starts)) if starts else today)
    read = ahead.debut <= heures.starts_at(day) < ahead.fin
    known = ahead if read else Disponibilites(maison, day)
    return {
        "maison": maison,
        "day": day,
        "around": days_around(day),
        "grid": known.grid(day),
        "now_rank": known.now_rank(day),
        "tracks": [(room, known.spans(room, day)) for room in rooms],
        "frees": frees,
    }


def days_around(day, most=7):
    """The days offered as links: a week from the day shown, or from today when it is near."""
    today = timezone.localdate()
    first = today if today <= day < today + timedelta(days=most) else day
    return [first + timedelta(days=rank) for rank in range(most)]


def parse_day(text: str) -> date | None:
    """The day asked for in an address; None when it does not exist, or is out of all calendars."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if heures.in_calendar(day) else None
