"""When rooms are free: days cut in half hours of local time."""

from datetime import date, time, timedelta
from functools import cached_property
from itertools import islice
from operator import attrgetter

from django.db.models import prefetch_related_objects
from django.utils import timezone

from maisons import heures
from maisons.journee import FERME, STEP, RoomDay
from maisons.models import Creneau, Fermeture, Maison, Reservation, Salle
from maisons.voisinage import nearest

ROOMS_ON_A_PAGE = 12
AROUND = timedelta(days=7)  # where other spans are looked for
EARLIEST, LATEST = 9, 21  # hours that the grid shows at least
# All that a planning reads of a créneau.
SHOWN = ["nature", "titre", "portee", "maison_id", "salle_id", "debut", "fin", "libere_a"]
SHOWN += ["emprise", "personnes", "publie_le"]


def grouped(rows, key):
    """{key: [rows]}, each list in the order given."""
    groups = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


class Disponibilites:
    """
    The rooms of a house or of several over some days, read in four statements.

    Three when `rooms`, all those of these houses, are known already.
    """

    day = RoomDay  # how one room is painted

    def __init__(self, maisons, first, last=None, rooms=None):
        self.maisons = [maisons] if isinstance(maisons, Maison) else list(maisons)
        self.days = days_between(first, last or first)
        self.debut = heures.starts_at(first)
        self.fin = heures.starts_at(self.days[-1] + timedelta(days=1))
        self.rooms = rooms
        self.now = timezone.now()
        self.grids, self.uses = {}, {}

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

    def held(self):
        rows = Creneau.objects.holding().in_house(*self.maisons)
        return rows.values_list(*SHOWN, named=True)

    @cached_property
    def creneaux(self):
        """{house: its créneaux}, by their start."""
        used = self.held().occupying(self.debut, self.fin).order_by("debut")
        used = used.exclude(pk__in=Reservation.objects.overdue())  # freed with Celery down too
        return grouped(used, attrgetter("maison_id"))

    @cached_property
    def parts(self):
        """{whole room: its parts}: taking the whole takes them, with the longest buffer."""
        rooms = self.rooms
        if rooms is None:
            rooms = Salle.objects.filter(maison__in=self.maisons, partie_de__isnull=False)
        return grouped(rooms, attrgetter("partie_de_id"))

    @cached_property
    def hours(self):
        """The whole hours between which every grid goes: when a house opens, at least 9 to 21 h."""
        hours = [horaire for hours in self.opening.values() for horaire in hours]
        first = min([EARLIEST, *(h.ouvre.hour for h in hours)])
        last = max([LATEST, *(h.ferme.hour + bool(h.ferme.minute) for h in hours)])
        return first, last

    def grid(self, on):
        """The half hours shown for a day."""
        if on not in self.grids:
            first, last = self.hours
            starts = heures.starts_at(on, time(first))
            self.grids[on] = [starts + rank * STEP for rank in range((last - first) * 2)]
        return self.grids[on]

    def uses_on(self, maison, on):
        """The créneaux of a house on a day; what goes on for days is in each."""
        if (maison, on) not in self.uses:
            first, after = heures.starts_at(on), heures.starts_at(on + timedelta(days=1))
            self.uses[maison, on] = [
                creneau
                for creneau in self.creneaux.get(maison, [])
                if creneau.debut < after and creneau.libere_a > first
            ]
        return self.uses[maison, on]

    def shut(self, maison, on):
        """[(from, to)]: when a house is not open on a day, within what the grid shows."""
        grid = self.grid(on)
        edges = [grid[0]]
        for horaire in self.opening.get((maison, on.weekday()), []):
            edges += [heures.starts_at(on, horaire.ouvre), heures.starts_at(on, horaire.ferme)]
        edges.append(grid[-1] + STEP)
        return list(zip(edges[::2], edges[1::2], strict=True))

    def now_rank(self, on):
        """Where the line of the current hour goes, in half hours from the grid's start, or None."""
        grid = self.grid(on)
        past = (self.now - grid[0]) // STEP
        return past + 1 if 0 <= past < len(grid) else None

    def spans(self, salle, on, personnes=1):
        """The whole day of a room, as runs of half hours in one state, for so many people."""
        maison, parts = salle.maison_id, self.parts.get(salle.pk, [])
        day = self.day(salle, parts, self.grid(on), personnes)
        uses = day.used_by(self.uses_on(maison, on))
        day.paint_rules(self.now)
        day.paint_tidying(uses)
        for debut, fin in self.shut(maison, on):
            day.paint(debut, fin, FERME)
        day.paint_uses(uses)
        day.paint_closures(self.closures.get(maison, []))
        return day.runs()

    def track(self, salle, on):
        """A room on a day, as the template of a planning reads it."""
        return {"salle": salle, "jour": on, "spans": self.spans(salle, on)}

    def free(self, salle, on, personnes=1):
        return [span for span in self.spans(salle, on, personnes) if span.etat == "libre"]

    def first_free(self, salle):
        """The earliest free run of a room within the days read, or None."""
        for day in self.days if salle.reservable else []:
            if day <= salle.latest and (found := self.free(salle, day)):
                return found[0]
        return None

    def first_frees(self, rooms):
        """
        {room: its earliest free run, or None}; a room without one in the days read is looked at as
        far as it may be booked, in two statements for all of them.
        """
        frees = {room.pk: self.first_free(room) for room in rooms}
        late = [room for room in rooms if room.reservable and not frees[room.pk]]
        first = self.days[-1] + timedelta(days=1)
        last = max((room.latest for room in late), default=self.days[-1])
        if first <= last:
            further = Disponibilites(self.maisons, first, last, self.rooms)
            frees |= {room.pk: further.first_free(room) for room in late}
        return frees


def alternatives(reservation, most=3):
    """
    Other free spans of the same length for somebody who lost, as (room, start, end).

    In its house, its own room first, on the same day, then up to a week from it, the nearest
    first; then in the nearest houses, which are read only when something is missing.
    """
    return list(islice(free_near(reservation), most))


def free_near(reservation):
    house = reservation.maison
    yield from free_around(reservation, [house])
    yield from free_around(reservation, nearest(house)[1:])


def free_around(reservation, houses):
    """The free spans of the rooms of some houses around the one of a booking, one by one."""
    day, length = timezone.localdate(reservation.debut), reservation.fin - reservation.debut
    at, people = timezone.localtime(reservation.debut).time(), reservation.personnes or 1
    known = Disponibilites(houses, day - AROUND, day + AROUND)
    rooms = rooms_for(houses, people, length)
    rooms.sort(key=lambda room: room.pk != reservation.salle_id)
    for rank in sorted(range(-AROUND.days, AROUND.days + 1), key=abs):
        on = day + timedelta(days=rank)
        wanted = heures.starts_at(on, at)
        for room in rooms:
            spans = known.free(room, on, people)
            starts = filter(None, (nearest_start(span, length, wanted) for span in spans))
            for start in sorted(starts, key=lambda start: abs(start - wanted)):
                yield room, start, start + length


def rooms_for(houses, people, length):
    """The rooms to be asked for that take so many people for so long; house by house."""
    rooms = Salle.objects.filter(maison__in=houses, reservable=True, capacite__gte=people)
    rooms = list(rooms.filter(duree_max__gte=length))
    for room in rooms:
        room.maison = next(house for house in houses if house.pk == room.maison_id)
    return sorted(rooms, key=lambda room: (houses.index(room.maison), room.capacite))


def nearest_start(span, length, wanted):
    """When something of this length starts in a free span, nearest to the hour that is wanted."""
    if span.fin - span.debut < length:
        return None
    return min(max(span.debut, wanted), span.fin - length)


def days_around(day, most=7):
    """The days offered as links: a week from the day shown, or from today when it is near."""
    today = timezone.localdate()
    first = today if today <= day < today + timedelta(days=most) else day
    return days_between(first, first + timedelta(days=most - 1))


def days_between(first, last):
    return [first + timedelta(days=rank) for rank in range((last - first).days + 1)]


def parse_day(text: str) -> date | None:
    """The day asked for in an address; None when it does not exist, or is out of all calendars."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if heures.in_calendar(day) else None
