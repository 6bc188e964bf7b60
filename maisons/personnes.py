"""
The people whom a desk knows: those who booked in its houses, never the accounts of the city.

Names compare without case, accents, spaces nor punctuation: « O’Neill-Nguyễn », « oneill nguyen ».
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import CharField, Func, Q, Value
from django.db.models.functions import Coalesce, Lower, NullIf
from django.utils import timezone

from maisons.contact import read_phone
from maisons.models import Reservation

LOOKED_BACK = timedelta(days=365)
FEWEST_LETTERS = 3
MOST_ROWS, MOST_PEOPLE = 50, 5
LONGEST_KEY = 18  # digits: more is no key of a booking


@dataclass(frozen=True)
class Person:
    nom: str
    courriel: str
    telephone: str
    last: Reservation  # the booking by which they are known

    @property
    def contact(self):
        return self.courriel or self.telephone


def fold(name):
    """A name as it is compared; the database does it, for what is stored as for what is typed."""
    plain = Lower(Func(name, function="UNACCENT"))
    marks = [Value("[[:punct:][:space:]]+"), Value(""), Value("g")]
    return Func(plain, *marks, function="REGEXP_REPLACE", output_field=CharField())


def typed(name):
    return fold(Value(name, output_field=CharField()))


def booked_lately(user):
    name = Coalesce(NullIf("nom", Value("")), "demandeur__nom", output_field=CharField())
    rows = Reservation.objects.managed_by(user).filter(debut__gt=timezone.now() - LOOKED_BACK)
    return rows.alias(known_as=fold(name)).select_related("demandeur", "salle")


def people(rows) -> list[Person]:
    """Each person once, by name and address, the latest booking first."""
    found = {}
    for booking in rows.order_by("-debut", "-pk")[:MOST_ROWS]:
        courriel, telephone = booking.reached_at
        person = Person(booking.person, courriel, telephone, booking)
        found.setdefault((person.nom, person.contact), person)
    return list(found.values())[:MOST_PEOPLE]


def reached_by(courriel, telephone):
    found = Q(pk__in=[])
    if courriel:
        found |= Q(courriel=courriel) | Q(demandeur__courriel=courriel)
    if telephone:
        found |= Q(telephone=telephone)
    return found


def search(user, text) -> list[Person]:
    """Those whom three letters of a name, an e-mail address or a phone number find."""
    text = text.strip()
    if "@" in text:
        return people(booked_lately(user).filter(reached_by(text.lower(), "")))
    if number := read_phone(text):
        return people(booked_lately(user).filter(reached_by("", number)))
    if sum(sign.isalpha() for sign in text) < FEWEST_LETTERS:
        return []
    return people(booked_lately(user).filter(known_as__contains=typed(text)))


def known_as(user, key) -> dict:
    """How the person of a booking that the desk may read is called and reached; {} of no other."""
    key = key if len(key) <= LONGEST_KEY and key.isdecimal() else 0
    person = next(iter(people(booked_lately(user).filter(pk=key))), None)
    return {"nom": person.nom, "contact": person.contact} if person else {}


def likely_doubles(user, reservation) -> list[Person]:
    """Known people of the same name or address; none when one of them is just the same."""
    reached = reached_by(reservation.courriel, reservation.telephone)
    named = Q(known_as=typed(reservation.nom))
    rows = booked_lately(user)
    if rows.filter(named, reached).exists():
        return []
    # Who cannot be reached has nothing to take over.
    return people(rows.filter(named | reached).exclude(courriel="", telephone="", demandeur=None))
