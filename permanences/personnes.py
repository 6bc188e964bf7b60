"""
The people whom those who book for somebody know: who booked a room in their houses, and who has an
appointment that they may read. Whoever shows the latter notes it as a reading.
"""

from django.db.models import Q

from maisons import personnes
from permanences.models import RendezVous

APPOINTMENTS = personnes.Register(RendezVous, "compte", (), Q(anonymise_le=None))
REGISTERS = {"r": personnes.BOOKINGS, "p": APPOINTMENTS}  # the letter of a key


def each(found):
    """[(key, person)] of several registers, each person once."""
    once = {}
    for letter, people in found.items():
        for person in people:
            once.setdefault((person.nom, person.contact), (f"{letter}{person.last.pk}", person))
    return list(once.values())[: personnes.MOST_PEOPLE]


def search(user, text):
    return each({k: personnes.search(user, text, one) for k, one in REGISTERS.items()})


def likely_doubles(user, wanted):
    """Known people of the same name or address; none when one of them is just the same."""
    if any(personnes.is_known(user, wanted, one) for one in REGISTERS.values()):
        return []
    return each({k: personnes.resembling(user, wanted, one) for k, one in REGISTERS.items()})


def known_as(user, key):
    """{"nom", "contact"} of a person found, or {}."""
    register = REGISTERS.get(key[:1])
    return personnes.known_as(user, key[1:], register) if register else {}


def appointments(found):
    """Those of people found that are appointments: to be noted as read."""
    return [person.last for _, person in found if isinstance(person.last, RendezVous)]
