"""
What appointments should do, told a second time and without a database (G2).

Each act raises Refused, and then nothing of it stays: the caller plays it on a copy.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

WAITS, TAKEN, CAME, MISSED = "a_confirmer", "pris", "honore", "manque"
LEFT, LAPSED = "annule", "expire"
MINUTE = timedelta(minutes=1)
VENUES = {
    "attendu": (TAKEN, False),
    "arrive": (TAKEN, True),
    "recu": (CAME, True),
    "absent": (MISSED, False),
}


class Refused(Exception):
    pass


def require(fact):
    if not fact:
        raise Refused


@dataclass
class Kind:
    """A permanence: what its dates have in common."""

    service: str
    length: int  # minutes
    desks: int
    pause: tuple = ()  # minutes of the day


@dataclass
class Day:
    """One date of it."""

    kind: int
    debut: object
    fin: object
    desks: int
    cancelled: bool = False
    full: bool = False


@dataclass
class Place:
    """An appointment."""

    date: int
    debut: object
    fin: object
    contact: str
    proved: bool  # has an account, a telephone, or an agent who answers for them
    by_agent: bool = False
    state: str = TAKEN
    desk: int = 0
    until: object = None
    there: bool = False
    wishes: bool = False
    notices: int = 0

    @property
    def held(self):
        return self.state not in (LEFT, LAPSED)

    @property
    def awaited(self):
        return self.state in (WAITS, TAKEN)


@dataclass
class Model:
    now: object
    kinds: list
    days: list
    most: int  # of one person, to come, for a service
    notice: timedelta
    places: list = field(default_factory=list)
    told: Counter = field(default_factory=Counter)
    freed: list = field(default_factory=list)  # what lapsed, until who waits hears of it

    def slots(self, date):
        """[(debut, fin)] of one desk."""
        day, found = self.days[date], []
        kind, at = self.kinds[day.kind], day.debut
        length = kind.length * MINUTE
        while at + length <= day.fin:
            midnight = at.replace(hour=0, minute=0)
            starts, ends = (midnight + at_ * MINUTE for at_ in kind.pause or (0, 0))
            if starts < at + length and at < ends:
                at = ends
            else:
                found.append((at, at + length))
                at += length
        return found

    def of(self, date):
        return [place for place in self.places if place.date == date]

    def expired(self, place):
        return place.state == WAITS and place.until <= self.now

    def desks_free(self, date, debut, fin, but=None):
        held = [p for p in self.of(date) if p.held and p is not but and not self.expired(p)]
        busy = {p.desk for p in held if p.debut < fin and debut < p.fin}
        return [desk for desk in range(1, self.days[date].desks + 1) if desk not in busy]

    def proposed(self, date, debut):
        """To the public: neither too late nor called full."""
        day = self.days[date]
        return self.now + self.notice <= debut and not day.full and not day.cancelled

    def offered(self):
        """{(date, debut): desks} of all that the public may take."""
        free = {
            (date, debut): len(self.desks_free(date, debut, fin))
            for date in range(len(self.days))
            for debut, fin in self.slots(date)
            if self.proposed(date, debut)
        }
        return {key: desks for key, desks in free.items() if desks}

    def lapse(self, *dates):
        lapsed = [p for p in self.places if p.date in dates and self.expired(p)]
        for place in sorted(lapsed, key=lambda place: place.date):
            place.state = LAPSED
            self.freed.append((place.date, place.debut))

    def tell_of_freed(self):
        for date, debut in self.freed:
            self.offer(date, debut)
        self.freed = []

    def seat(self, place, date, debut, fin):
        require(not self.days[date].cancelled)
        require((debut, fin) in self.slots(date))
        desks = self.desks_free(date, debut, fin, but=place)
        require(desks)
        place.date, place.debut, place.fin, place.desk = date, debut, fin, desks[0]

    def length(self, date):
        return self.kinds[self.days[date].kind].length * MINUTE

    def service(self, date):
        return self.kinds[self.days[date].kind].service

    def check_most(self, place):
        """Of those that are sure."""
        others = [
            p
            for p in self.places
            if p is not place
            and p.contact == place.contact
            and p.state == TAKEN
            and p.debut > self.now
            and self.service(p.date) == self.service(place.date)
        ]
        require(place.by_agent or len(others) < self.most)

    def tell(self, place, what):
        self.told[self.places.index(place), what] += 1

    def wait(self, place):
        place.state, place.until = WAITS, min(self.now + 30 * MINUTE, place.debut)

    def take(self, date, debut, contact, proved, by_agent, wishes):
        place = Place(date, debut, debut, contact, proved, by_agent, wishes=wishes)
        self.lapse(date)
        self.seat(place, date, debut, debut + self.length(date))
        self.places.append(place)
        require(by_agent or self.proposed(date, debut))
        if proved:
            self.check_most(place)
        else:
            self.wait(place)
        self.tell(place, "pris" if proved else "a_confirmer")
        self.tell_of_freed()

    def reopen(self, place):
        self.lapse(place.date)
        require(not place.proved and place.state in (WAITS, LAPSED))
        if place.state == LAPSED:
            self.seat(place, place.date, place.debut, place.fin)
            require(self.proposed(place.date, place.debut))

    def confirm(self, place):
        self.reopen(place)
        place.state = TAKEN
        self.check_most(place)
        self.tell(place, "pris")
        self.tell_of_freed()

    def send_again(self, place):
        self.reopen(place)
        self.wait(place)
        self.tell(place, "a_confirmer")
        self.tell_of_freed()

    def cancel(self, place):
        self.lapse(place.date)
        require(place.awaited)
        place.state = LEFT
        self.tell(place, "annule")
        self.offer(place.date, place.debut)
        self.tell_of_freed()

    def move(self, place, date, debut):
        left, old = place.date, place.debut
        self.lapse(left, date)
        require(place.state == TAKEN and place.debut > self.now)
        require(self.service(left) == self.service(date))
        self.seat(place, date, debut, debut + self.length(date))
        require(place.by_agent or self.proposed(date, debut))
        place.there = False  # at another moment
        self.tell(place, "deplace")
        self.offer(left, old, leaver=place)
        self.tell_of_freed()

    def offer(self, date, debut, leaver=None):
        """A freed place is told of while it is one, to three who wait, in their order."""
        if (date, debut) not in self.offered():
            return
        first = max(debut, self.now + timedelta(days=3))
        waiting = [
            p
            for p in self.places
            if p is not leaver
            and p.wishes
            and p.state == TAKEN
            and p.notices < 3
            and p.debut > first
            and self.service(p.date) == self.service(date)
        ]
        for place in waiting[:3]:
            place.notices += 1
            self.tell(place, "plus_tot")

    def release(self):
        """The task of each minute."""
        lapsed = sorted(filter(self.expired, self.places), key=lambda place: place.until)
        for date in dict.fromkeys(place.date for place in lapsed):
            self.lapse(date)
            self.tell_of_freed()

    def note(self, place, venue):
        self.lapse(place.date)
        require(place.held)
        require(place.debut.date() <= self.now.date())
        day, before = self.days[place.date], (place.state, place.there)
        if before == VENUES[venue]:
            return
        require(not (day.cancelled and venue == "attendu"))
        place.state, place.there = VENUES[venue]
        within = day.debut <= place.debut and place.fin <= day.fin and place.desk <= day.desks
        require(within or not place.awaited)

    def wish(self, place, wished):
        place.wishes = wished

    def running(self, date):
        day = self.days[date]
        return day.debut.date() == self.now.date() and self.now < day.fin and not day.cancelled

    def say(self, date, full):
        require(self.running(date))
        self.days[date].full = full

    def coming(self, place):
        return place.awaited and not place.there and place.fin > self.now

    def call_off(self, date):
        day = self.days[date]
        require(not day.cancelled)
        day.cancelled = True
        self.lapse(date)
        for place in filter(self.coming, self.of(date)):
            place.state = LEFT
            self.tell(place, "absence")

    def shift(self, date, debut, fin):
        """The date goes to another hour, and whoever is to come goes with it."""
        day = self.days[date]
        others = [d for d in self.days if d is not day and d.kind == day.kind and not d.cancelled]
        require(not day.cancelled)
        require(not any(d.debut < fin and debut < d.fin for d in others))
        self.lapse(date)
        by, rows = debut - day.debut, [p for p in self.of(date) if p.awaited]
        require(all(debut <= p.debut + by and p.fin + by <= fin for p in rows))
        day.debut, day.fin = debut, fin
        if not by:
            return
        require(all(self.coming(p) for p in rows))
        for place in rows:
            place.debut, place.fin = place.debut + by, place.fin + by
            if place.state == WAITS:
                place.until = min(place.until, place.debut)
            self.tell(place, "absence_deplace")
        settled = [p for p in self.of(date) if p.held and not p.awaited]
        for one in settled:
            clash = (p.desk == one.desk and p.debut < one.fin and one.debut < p.fin for p in rows)
            require(not any(clash))

    def resize(self, kind, desks, length):
        self.kinds[kind].desks, self.kinds[kind].length = desks, length
        for date, day in enumerate(self.days):
            if day.kind == kind and not day.cancelled and day.fin > self.now:
                day.desks = max([desks, *(p.desk for p in self.of(date) if p.awaited)])
