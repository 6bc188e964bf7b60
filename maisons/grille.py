"""What a planning shows: rooms on a day, one room over a week, a house over a week."""

from collections import namedtuple
from datetime import timedelta

from django.utils import timezone

from maisons.disponibilites import Disponibilites, days_around, days_between

AHEAD = timedelta(days=13)  # how far a first free span is looked for at once
WEEK = timedelta(days=7)
LINKS = 3  # free spans of a room on a day of the week of a house; of more, two are shown

# A room on a day: its free spans and how many more there are; without any, why.
Cell = namedtuple("Cell", "jour spans more cause")


def day_tracks(known, rooms, day):
    """Some rooms on one day."""
    tracks = [known.track(room, day) for room in rooms]
    return {"grid": known.grid(day), "now_rank": known.now_rank(day), "tracks": tracks}


def week_tracks(known, room, days):
    """One room, some days."""
    tracks = [known.track(room, day) for day in days]
    return {"grid": known.grid(days[0]), "now_rank": None, "tracks": tracks}


def week_around(day):
    """From Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    return days_between(monday, monday + timedelta(days=6))


def to_come(days):
    """Without those that are past; all of them when all are."""
    return [day for day in days if day >= timezone.localdate()] or days


class PublicPlanning:
    """
    Rooms of a house as the public reads them, and the first free span of each from a day on.

    `frees`: {room: its first free span, or None}; empty for days that are over.
    """

    def __init__(self, maison, rooms, asked=None, week=False):
        self.maison, self.rooms = maison, rooms
        today = timezone.localdate()
        first = asked or today
        if week:
            first = to_come(week_around(first))[0]
        last = week_around(first + AHEAD)[-1] if week else first + AHEAD
        self.known = Disponibilites(maison, first, last, maison.salles.all())
        self.frees = {} if first < today else self.known.first_frees(rooms)
        self.day = asked or self.first_day() or today

    def first(self):
        """The first free span of all the rooms, or None."""
        return min(filter(None, self.frees.values()), key=lambda free: free.debut, default=None)

    def first_day(self):
        """The first of the days read on which a room is free, or None."""
        day = timezone.localdate(self.first().debut) if self.first() else None
        return day if day in self.known.days else None

    def context(self, **shown):
        return {"maison": self.maison, "day": self.day, "frees": self.frees} | shown

    def day_of_rooms(self):
        shown = day_tracks(self.known, self.rooms, self.day)
        for track in shown["tracks"]:
            free = any(span.etat == "libre" for span in track["spans"])
            track["later"] = self.later(track["salle"], free)
        return self.context(around=days_around(self.day), **shown)

    def week_of_room(self):
        return self.context(**self.week(), **week_tracks(self.known, self.rooms[0], self.days))

    def week_of_house(self):
        rows = []
        for room in self.rooms:
            cells = [self.cell(room, day) for day in self.days]
            rows.append((room, cells, self.later(room, any(cell.spans for cell in cells))))
        free = any(cell.spans for _, cells, _ in rows for cell in cells)
        return self.context(**self.week(), rows=rows, instead=None if free else self.first())

    def later(self, salle, free):
        """[its first free span, or None] when nothing of what is shown is free, else []."""
        return [] if free or salle.pk not in self.frees else [self.frees[salle.pk]]

    def week(self):
        """The days shown; the weeks before and after, where a room may be booked."""
        today, monday = timezone.localdate(), week_around(self.day)[0]
        latest = max((room.latest for room in self.rooms), default=today)
        before = max(monday - WEEK, today) if monday > today else None
        after = monday + WEEK
        return {
            "days": self.days,
            "previous": before,
            "today": today,
            "next": after if after <= latest else None,
        }

    @property
    def days(self):
        return to_come(week_around(self.day))

    def cell(self, salle, day):
        spans = self.known.spans(salle, day)
        free = [span for span in spans if span.etat == "libre"]
        shown = free if len(free) <= LINKS else free[: LINKS - 1]
        return Cell(day, shown, len(free) - len(shown), "" if free else cause(salle, spans))


def cause(salle, spans):
    """Why nothing is free on a day: what holds the room, else what closes it the longest."""
    if salle.reservable and any(span.use for span in spans):
        return "complet"
    return max(spans, key=lambda span: span.pas).titre
