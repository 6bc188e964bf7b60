"""
Week after week: events that keep their place for a while, and bookings in what is left.

A position is a place, a day and a slot; slots never meet, so no two créneaux can clash.
"""

from collections import namedtuple
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.text import slugify

from maisons.models import Creneau, Evenement, Occurrence, Reservation
from portail.volume import mots
from portail.volume.forme import PUBLIC, Row
from portail.volume.vacations import Vacations
from portail.volume.ville import House

Portee, Motif = Creneau.Portee, Creneau.Motif
Etat, Usage, Refus = Reservation.Etat, Reservation.Usage, Reservation.MotifRefus
TZ = ZoneInfo(settings.TIME_ZONE)
SLOTS = [time(8, 30), time(11), time(13, 30), time(16), time(18, 30), time(21)]
LENGTHS = [45, 60, 60, 90, 90, 120]  # minutes; with 30 to tidy up they fill a slot at most
RUNS = [1, 1, 1, 1, 4, 10, 30]  # weeks in a row of an event
WHOLE_HOUSES = 3  # of each week, on its Sunday
DAY = timedelta(days=1)

Position = namedtuple("Position", "place day slot")


@dataclass(slots=True)
class Event:
    """An event and where its dates are, until its last week; `pk` comes when it is copied."""

    columns: dict
    house: House
    portee: str
    salle: int | None
    where: dict
    position: Position
    minutes: int
    days: int
    last: int
    pk: int | None = None


class Weeks:
    """Makes the rows of one week after the other; a seed and a day always give the same rows."""

    def __init__(self, forme, city, seed, now):
        self.forme, self.random, self.now = forme, Random(seed), now
        self.places, self.houses, self.quartiers, self.residents, permanences = city
        self.vacations = Vacations(permanences, seed, now)
        self.first = forme.first_day(now.astimezone(TZ).date())
        self.sunday = (6 - self.first.weekday()) % 7
        self.running, self.made = [], 0
        self.positions = [
            Position(place, day, slot)
            for place in self.places
            for day in range(7)
            for slot in range(len(SLOTS))
        ]

    def week(self, number):
        """The events that begin, and the rows of all the créneaux, by their start."""
        size = self.forme.size(number)
        self.running = [event for event in self.running if event.last >= number]
        whole = self.random.sample(self.houses, WHOLE_HOUSES)
        free = self.free(whole)
        new = [self.whole_house(house, number) for house in whole]
        others = list(self.vacations.week(size, partial(self.start, number)))
        while len(self.running) + len(new) + len(others) < size // PUBLIC:
            new.append(self.event(free, number))
        self.running += new
        rows = others + [self.date(event, number) for event in self.running]
        rows += [self.booking(free.pop(), number) for _ in range(size - len(rows))]
        return new, sorted(rows, key=lambda row: row.debut)

    def free(self, whole):
        """Positions that nothing holds, in random order."""
        held = {event.position for event in self.running if event.portee == Portee.SALLE}
        free = [
            position
            for position in self.positions
            if position not in held
            and not (position.day == self.sunday and position.place.house in whole)
        ]
        self.random.shuffle(free)
        return free

    def start(self, number, day, slot):
        on = self.first + DAY * (7 * number + day)
        return datetime.combine(on, SLOTS[slot], tzinfo=TZ)

    def whole_house(self, house, number):
        position = Position(None, self.sunday, 0)
        return self.describe(number, house, Portee.MAISON, None, {}, position, 480, 1, number)

    def event(self, free, number):
        """One that begins this week, in a room three times in four."""
        random, chance = self.random, self.random.random()
        minutes, days = random.choice(LENGTHS), 1
        last = number + random.choice(RUNS) - 1
        if number == 0:
            last = random.randint(0, last)  # the first week finds some near their end
        if chance > 0.25:
            position = free.pop()
            if position.day == self.sunday:
                last = number  # another week, the whole house may be wanted
            house, salle = position.place.house, random.choice(position.place.salles)
            portee, where = Portee.SALLE, {}
        else:
            house, salle = random.choice(self.houses), None
            position = Position(None, random.randrange(7), random.randrange(len(SLOTS)))
            portee, where = Portee.SANS_SALLE, {}
            if chance < 0.03:
                days, last = random.randint(5, 20), number
            elif chance < 0.13:
                portee, where = Portee.HORS_LES_MURS, {"adresse_libre": random.choice(mots.LIEUX)}
                where["quartier_id"] = random.choice(self.quartiers)
        return self.describe(number, house, portee, salle, where, position, minutes, days, last)

    def describe(self, number, house, portee, salle, where, position, minutes, days, last):
        random = self.random
        theme = random.choice(list(mots.ATELIERS))
        what, public, youngest, oldest = random.choice(mots.ATELIERS[theme])
        titre = f"{what} {random.choice(mots.SUITES)}"
        gratuit = random.random() < 0.7
        self.made += 1
        early = self.start(number, position.day, position.slot) - DAY * random.randint(20, 60)
        columns = {
            "titre": titre,
            "slug": f"{slugify(titre.replace('’', '-'))}-{self.made}",
            "maison_id": house.id,
            "organisateur": random.choice(mots.ASSOCIATIONS) if random.random() < 0.5 else "",
            "resume": random.choice(mots.RESUMES),
            "description": random.choice(mots.RESUMES),
            "theme": theme.value,
            "public": public,
            "age_min": youngest,
            "age_max": oldest,
            "gratuit": gratuit,
            "tarif": "" if gratuit else random.choice(mots.TARIFS),
            "plain_pied": None if portee == Portee.HORS_LES_MURS else house.plain_pied,
            "publie_le": min(early, self.now - DAY) if random.random() < 0.98 else None,
            "reference": f"volume:{self.made}",
        }
        return Event(columns, house, portee, salle, where, position, minutes, days, last)

    def date(self, event, number):
        """One date of an event; three in a hundred are cancelled."""
        debut = self.start(number, event.position.day, event.position.slot)
        fin = debut + timedelta(minutes=event.minutes)
        if event.days > 1:
            debut = datetime.combine(debut.date(), time(), tzinfo=TZ)
            fin = debut + DAY * event.days
        row = {name: event.columns[name] for name in Evenement.REPEATED} | {
            "nature": Occurrence.NATURE,
            "portee": event.portee.value,
            "maison_id": event.house.id,
            "salle_id": event.salle,
            "quartier_id": event.house.quartier_id,
            "debut": debut,
            "fin": fin,
            "heure_connue": event.days == 1,
            "personnes": 20,
        }
        row |= event.where
        if row["publie_le"] and self.random.random() < 0.03:
            row["annule_le"] = min(debut - DAY, self.now)
            row["motif_annulation"] = Motif.ORGANISATION.value
        return Row(debut, row, {}, event)

    def booking(self, position, number):
        random = self.random
        debut = self.start(number, position.day, position.slot)
        row = {
            "nature": Reservation.NATURE,
            "titre": "Salle réservée",
            "portee": Portee.SALLE.value,
            "maison_id": position.place.house.id,
            "salle_id": random.choice(position.place.salles),
            "quartier_id": position.place.house.quartier_id,
            "debut": debut,
            "fin": debut + timedelta(minutes=random.choice(LENGTHS)),
            "personnes": random.randint(2, 8),
        }
        child = {
            "demandeur_id": random.choice(self.residents),
            "usage": random.choice(Usage.values),
            "jeton": UUID(int=random.getrandbits(128), version=4),
            "cree_le": min(debut - DAY * random.randint(3, 40), self.now),
            "etat": Etat.CONFIRMEE.value,
        }
        chance = random.random()
        if chance < 0.12:
            refused = chance < 0.05
            child["etat"] = Etat.REFUSEE.value if refused else Etat.ANNULEE.value
            child["motif_refus"] = random.choice(Refus.values) if refused else ""
            row["annule_le"] = min(debut - DAY, self.now)
            row["motif_annulation"] = Motif.REFUS.value if refused else Motif.DEMANDE.value
        elif chance < 0.3 and debut > self.now:
            child["etat"] = Etat.DEMANDEE.value
            child["repondre_avant"] = min(self.now + 3 * DAY, debut)
        return Row(debut, row, child)
