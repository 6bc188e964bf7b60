"""When rooms are free: days cut in half hours of local time."""

from datetime import date, time, timedelta
from functools import cached_property
from itertools import islice
from operator import attrgetter

from django.db.models import prefetch_related_objects
from django.utils import timezone

from maisons import heures
from maisons.journee import STEP, RoomDay
from maisons.models import Creneau, Fermeture, Maison, Reservation, Salle
from maisons.voisinage import nearest

ROOMS_ON_A_PAGE = 12
AROUND = timedelta(days=7)  # where other spans are looked for
EARLIEST, LATEST = 9, 21  # hours that the grid shows at least
# All that a planning reads of a créneau.
SHOWN = ["nature", "titre", "portee", "maison", "salle", "debut", "fin", "libere_a", "emprise"]
SHOWN += ["personnes", "publie_le"]


def grouped(rows, key):
    """{key: [rows]}, each list in the order given."""
    groups = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


class Disponibilites:
    """The rooms of a house or of several over some days, read in four statements."""

    day = RoomDay  # how one room is painted

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

    def held(self):
        return Creneau.objects.holding().in_house(*self.maisons).only(*SHOWN)

    @cached_property
    def creneaux(self):
        """{house: its créneaux}, by their start."""
        used = self.held().occupying(self.debut, self.fin).order_by("debut")
        used = used.exclude(pk__in=Reservation.objects.expired())  # freed with Celery down too
        return grouped(used, attrgetter("maison_id"))

    @cached_property
    def by_day(self):
        """{(house, day): its créneaux}; what goes on for days is in each."""
        found = {}
        for maison, creneaux in self.creneaux.items():
            for creneau in creneaux:
                first, last = max(creneau.debut, self.debut), min(creneau.libere_a, self.fin)
                day, last = timezone.localdate(first), timezone.localdate(last)
                while day <= last:
                    found.setdefault((maison, day), []).append(creneau)
                    day += timedelta(days=1)
        return found

    @cached_property
    def parts(self):
        """{whole room: its parts}: taking the whole takes them, with the longest buffer."""
        parts = Salle.objects.filter(maison__in=self.maisons, partie_de__isnull=False)
        return grouped(parts, attrgetter("partie_de_id"))

    def grid(self, on):
        """The half hours shown for a day: its opening, and never less than 9 h to 21 h."""
        if on not in self.grids:
            first, last = self.hours(on)
            starts = heures.starts_at(on, time(first))
            self.grids[on] = [starts + rank * STEP for rank in range((last - first) * 2)]
        return self.grids[on]

    def hours(self, on):
        """The whole hours between which the grid of a day goes."""
        keys = [(maison.pk, on.weekday()) for maison in self.maisons]
        hours = [horaire for key in keys for horaire in self.opening.get(key, [])]
        first = min([EARLIEST, *(h.ouvre.hour for h in hours)])
        last = max([LATEST, *(h.ferme.hour + bool(h.ferme.minute) for h in hours)])
        return first, last

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
        creneaux = self.by_day.get((maison, on), [])
        day = self.day(salle, parts, self.grid(on), personnes)
        day.paint_rules(self.now)
        day.paint_tidying(creneaux)
        for debut, fin in self.shut(maison, on):
            day.paint(debut, fin, ("ferme", "fermé", None))
        day.paint_uses(creneaux)
        day.paint_closures(self.closures.get(maison, []))
        return day.runs()

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
