"""When the rooms of a house are free: days cut in half hours of local time."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import groupby

from django.utils import timezone

from maisons import heures
from maisons.models import Creneau, Fermeture, Salle

STEP, USUAL = timedelta(minutes=30), timedelta(hours=2)
ROOMS_ON_A_PAGE = 12
EARLIEST, LATEST = 9, 21  # hours that the grid shows at least


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
        """What the booking form takes from its address: the start, and two hours if they fit."""
        debut = timezone.localtime(self.debut)
        fin = debut + min(self.fin - self.debut, USUAL, self.salle.duree_max)
        return f"jour={debut:%Y-%m-%d}&de={debut:%H:%M}&a={fin:%H:%M}"


class Disponibilites:
    """The rooms of a house over some days, read in four statements whatever their number."""

    def __init__(self, maison, first, last=None):
        self.maison = maison
        self.debut = heures.starts_at(first)
        self.fin = heures.starts_at((last or first) + timedelta(days=1))
        self.now = timezone.now()

    @cached_property
    def opening(self):
        """{weekday: [(opens, closes)]} in local time."""
        hours = sorted(self.maison.horaires.all(), key=lambda horaire: horaire.jour)
        by_day = groupby(hours, key=lambda horaire: horaire.jour)
        return {day: [(h.ouvre, h.ferme) for h in several] for day, several in by_day}

    @cached_property
    def closures(self):
        return list(Fermeture.objects.filter(maison=self.maison).during(self.debut, self.fin))

    @cached_property
    def creneaux(self):
        used = Creneau.objects.holding().in_house(self.maison)
        return list(used.occupying(self.debut, self.fin).order_by("debut"))

    @cached_property
    def parts(self):
        """{whole room: its parts}: taking the whole takes them, with the longest buffer."""
        rooms = Salle.objects.filter(maison=self.maison, partie_de__isnull=False)
        by_whole = groupby(rooms.order_by("partie_de"), key=lambda part: part.partie_de_id)
        return {whole: list(parts) for whole, parts in by_whole}

    def grid(self, on):
        """The half hours shown for a day: its opening, and never less than 9 h to 21 h."""
        spans = self.opening.get(on.weekday(), [])
        first = min([EARLIEST, *(opens.hour for opens, _ in spans)])
        last = max([LATEST, *(closes.hour + bool(closes.minute) for _, closes in spans)])
        starts = heures.starts_at(on, time(first))
        return [starts + rank * STEP for rank in range((last - first) * 2)]

    def now_rank(self, on):
        """Where the line of the current hour goes, in half hours from the grid's start, or None."""
        grid = self.grid(on)
        past = (self.now - grid[0]) // STEP
        return past + 1 if 0 <= past < len(grid) else None

    def spans(self, salle, on):
        """The whole day of a room, as runs of half hours in one state."""
        day = heures.starts_at(on), heures.starts_at(on + timedelta(days=1))
        uses = [c for c in self.creneaux if c.debut < day[1] and c.libere_a > day[0]]
        uses = [creneau for creneau in uses if self.uses(creneau, salle)]
        buffer = max(room.battement for room in self.footprint(salle))
        cells = [(cell, self.state(salle, cell, uses, buffer)) for cell in self.grid(on)]
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

    def state(self, salle, cell, uses, buffer):
        """(state, words, créneau or None) of one half hour; equal ones make one run."""
        end = cell + STEP
        for closure in self.closures:
            if closure.debut < end and closure.fin > cell and closure.salle_id in (None, salle.pk):
                return "ferme", f"fermé : {closure.motif}", None
        uses = [c for c in uses if (c.fin if salle.partagee else c.libere_a) > cell]
        tight = [c for c in uses if end <= c.debut < end + buffer]
        uses = [c for c in uses if c.debut < end]
        if salle.partagee:
            whole = [c for c in uses if c.portee == Creneau.Portee.MAISON]
            taken = sum(c.personnes or 0 for c in uses)
            uses = whole or (uses if taken >= salle.capacite else [])
        if uses:
            first = uses[0]
            if first.publie_le:
                return first.nature, first.titre, first
            return "pris", "occupé", first
        if not self.is_open(cell):
            return "ferme", "fermé", None
        if tight and not salle.partagee:
            return "ferme", "rangement", None
        if cell < self.now + salle.preavis:
            return "ferme", "passé" if cell < self.now else "trop tard pour réserver", None
        if timezone.localdate(cell) > timezone.localdate() + timedelta(days=salle.horizon):
            return "ferme", "pas encore ouvert", None
        if not salle.reservable:
            return "ferme", "sur demande à l’accueil", None
        return "libre", "libre", None

    def footprint(self, salle):
        return [salle, *self.parts.get(salle.pk, [])]

    def uses(self, creneau, salle):
        if salle.partagee:
            return creneau.salle_id == salle.pk or creneau.portee == Creneau.Portee.MAISON
        return any(room.pk in creneau.emprise for room in self.footprint(salle))

    def is_open(self, cell):
        local = timezone.localtime(cell)
        end = timezone.localtime(cell + STEP).time()
        return any(
            opens <= local.time() and end <= closes
            for opens, closes in self.opening.get(local.weekday(), [])
        )

    def free(self, salle, on):
        return [span for span in self.spans(salle, on) if span.etat == "libre"]

    def first_free(self, salle):
        """The earliest free run of a room within the days read, or None."""
        day = timezone.localdate(self.debut)
        while day < timezone.localdate(self.fin):
            if found := self.free(salle, day):
                return found[0]
            day += timedelta(days=1)
        return None


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
