"""A date with places, and what somebody sends to take one, as the form does."""

from datetime import time, timedelta
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone

from maisons.heures import starts_at
from permanences import vacations
from permanences.forms.prise import moment
from tests.factories import PermanenceFactory, VacationFactory

MOBILE, LANDLINE = "06 12 34 56 78", "04 65 71 00 00"


def on(days, hour=14):
    return starts_at(timezone.localdate() + timedelta(days=days), time(hour))


def a_date(days=3, hours=2, **permanence):
    """Of a permanence made public, in so many days at 14 h: four places of half an hour."""
    made, debut = PermanenceFactory(**permanence), on(days)
    date = VacationFactory(permanence=made, debut=debut, fin=debut + timedelta(hours=hours))
    vacations.publish(made)
    return type(date).objects.get(pk=date.pk)


def another(vacation, days):
    """Of the same permanence, so many days later."""
    debut = vacation.debut + timedelta(days=days)
    fin = vacation.fin + timedelta(days=days)
    return VacationFactory(permanence=vacation.permanence, debut=debut, fin=fin)


def address(vacation):
    return reverse("permanences:rendez_vous_create", args=[vacation.permanence.slug])


def answers(vacation, rank=0, **changes):
    """For a slot by its rank; confirmed unless another `etape` is given."""
    typed = {
        "moment": moment(vacation.slots()[rank][0]),
        "nom": "Camille O’Neill",
        "contact": "camille@rivemont.example",
        "motif": "",
        "site_web": "",
        "jeton": str(uuid4()),
        "etape": "confirmer",
    }
    return typed | changes


def opened(row, act=""):
    """Where its code leads."""
    name, args = ("comptes:code_act", [row.code, act]) if act else ("comptes:code_open", [row.code])
    return reverse(name, args=args)


def place(slot):
    """What the button of a slot sends to move there."""
    return f"{slot[0].pk} {moment(slot[1])}"
