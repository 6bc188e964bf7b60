"""What becomes of the dates of a permanence while somebody is away: all of them at once."""

from datetime import timedelta
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils import timezone

from maisons import heures, planning
from maisons.models import Creneau
from maisons.verrou import queued
from permanences import vacations
from permanences.models import Vacation
from permanences.prevenir import ways

LONGEST = timedelta(days=184)
NOTHING = "Il n’y a aucune date à venir entre ces deux jours."


class Outcome(NamedTuple):
    done: list  # vacations
    stayed: list  # [(vacation, why it could not change)]


def between(permanence, first, last):
    """The dates to come of a permanence from a day to another, both included."""
    debut = heures.starts_at(first)
    fin = heures.starts_at(last + timedelta(days=1))
    rows = Vacation.objects.upcoming(timezone.now()).holding().filter(permanence=permanence)
    return rows.filter(debut__gte=debut, debut__lt=fin)


@queued
def settle(permanence, first, last, act, rooms=()):
    """
    Do `act(vacation)` to each date between two days; one that cannot is left as it was.

    Each person is told once, by what planning does. Raises ValidationError when there is no date.
    """
    dates = list(between(permanence, first, last).select_related("permanence__service"))
    places = [Creneau(portee=Creneau.Portee.SALLE, salle=room) for room in rooms]
    planning.lock_rooms(*dates, *places)
    keys = [date.pk for date in dates]
    rows = Vacation.objects.filter(pk__in=keys).order_by("pk")
    list(rows.select_for_update(of=("self", "creneau")))  # in id order, as appointments do
    outcome = Outcome([], [])
    for date in dates:
        try:
            act(date)
        except ValidationError as error:
            outcome.stayed.append((date, error.messages[0]))
        else:
            outcome.done.append(date)
    if not dates:
        raise ValidationError(NOTHING)
    return outcome


def replace(permanence, first, last, name, by=None):
    return settle(permanence, first, last, lambda date: vacations.replace(date, name, by=by))


def move(permanence, first, last, salle, by=None):
    place = {"portee": Creneau.Portee.SALLE, "salle": salle}

    def act(date):
        planning.move(date, by=by, **place)

    return settle(permanence, first, last, act, rooms=[salle])


def cancel(permanence, first, last, by=None):
    return settle(permanence, first, last, lambda date: vacations.cancel(date, by=by))


def told(outcome):
    """How those with an appointment are told of what was done."""
    return ways(row for date in outcome.done for row in date.concerned)
