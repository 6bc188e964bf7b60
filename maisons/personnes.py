"""
The people whom a desk knows: those who booked in its houses, never the accounts of the city.

An app above has its own register: who came to what it books for people.

Names compare without case, accents, spaces nor punctuation: « O’Neill-Nguyễn », « oneill nguyen ».
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import CharField, Func, Model, Q, Value
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
    last: Model  # the booking by which they are known

    @property
    def contact(self):
        return self.courriel or self.telephone


@dataclass(frozen=True)
class Register:
    """Rows that tell who came; `account` names the column of those who have an account."""

    model: type[Model]
    account: str
    read: tuple[str, ...]  # what is told of them
    kept: Q = Q()  # those that still say whose they are

    def lately(self, user):
        since = timezone.now() - LOOKED_BACK
        name = Coalesce(NullIf("nom", Value("")), f"{self.account}__nom", output_field=CharField())
        rows = self.model.objects.managed_by(user).filter(self.kept, debut__gt=since)
        return rows.alias(known_as=fold(name)).select_related(self.account, *self.read)

    def reached_by(self, courriel, telephone):
        found = Q(pk__in=[])
        if courriel:
            found |= Q(courriel=courriel) | Q(**{f"{self.account}__courriel": courriel})
        if telephone:
            found |= Q(telephone=telephone)
        return found


BOOKINGS = Register(Reservation, "demandeur", ("salle",))


def fold(name):
    """A name as it is compared; the database does it, for what is stored as for what is typed."""
    plain = Lower(Func(name, function="UNACCENT"))
    marks = [Value("[[:punct:][:space:]]+"), Value(""), Value("g")]
    return Func(plain, *marks, function="REGEXP_REPLACE", output_field=CharField())


def typed(name):
    return fold(Value(name, output_field=CharField()))


def people(rows) -> list[Person]:
    """Each person once, by name and address, the latest booking first."""
    found = {}
    for booking in rows.order_by("-debut", "-pk")[:MOST_ROWS]:
        courriel, telephone = booking.reached_at
        person = Person(booking.person, courriel, telephone, booking)
        found.setdefault((person.nom, person.contact), person)
    return list(found.values())[:MOST_PEOPLE]


def search(user, text, register=BOOKINGS) -> list[Person]:
    """Those whom three letters of a name, an e-mail address or a phone number find."""
    text, rows = text.strip(), register.lately(user)
    if "@" in text:
        return people(rows.filter(register.reached_by(text.lower(), "")))
    if number := read_phone(text):
        return people(rows.filter(register.reached_by("", number)))
    if sum(sign.isalpha() for sign in text) < FEWEST_LETTERS:
        return []
    return people(rows.filter(known_as__contains=typed(text)))


def known_as(user, key, register=BOOKINGS) -> dict:
    """How the person of a booking that the desk may read is called and reached; {} of no other."""
    key = key if len(key) <= LONGEST_KEY and key.isdecimal() else 0
    person = next(iter(people(register.lately(user).filter(pk=key))), None)
    return {"nom": person.nom, "contact": person.contact} if person else {}


def likely_doubles(user, wanted) -> list[Person]:
    """Known people of the same name or address; none when one of them is just the same."""
    return [] if is_known(user, wanted) else resembling(user, wanted)


def is_known(user, wanted, register=BOOKINGS):
    """Whether somebody of just that name is reached there."""
    reached = register.reached_by(wanted.courriel, wanted.telephone)
    named = Q(known_as=typed(wanted.nom))
    return register.lately(user).filter(named, reached).exists()


def resembling(user, wanted, register=BOOKINGS) -> list[Person]:
    reached = register.reached_by(wanted.courriel, wanted.telephone)
    rows = register.lately(user).filter(Q(known_as=typed(wanted.nom)) | reached)
    # Who cannot be reached has nothing to take over.
    return people(rows.exclude(**{"courriel": "", "telephone": "", register.account: None}))
