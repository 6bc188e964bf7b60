"""
G6 for councils: a year lived hour by hour, over both changes of hour.

A calendar on the clock of a wall says when each meeting is reminded of: by night, twice, at a wrong
hour or not at all shows as a difference. COMPLET=1 lives 400 days, with the reminders of others.
"""

import os
from collections import defaultdict
from contextlib import nullcontext
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone

from conseils import seances
from conseils.suivre import subject
from maisons.heures import local, starts_at
from notifications.balayage import sweep
from notifications.models import Abonnement
from notifications.tasks import drain
from tests.factories import ConseilFactory, PointFactory, VilleFactory
from tests.notifications.pense_betes import only

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
COMPLETE = bool(os.environ.get("COMPLET"))
SPANS = [((2027, 3, 1), 400)] if COMPLETE else [((2027, 3, 20), 12), ((2027, 10, 24), 12)]
DELAYS = [[7, 1], [3], [2, 1], []]
HOURS = [time(18, 30), time(9), time(20, 30), time(8)]
HALF_PAST = {18, 20}
EVERY = 3  # days between two meetings


@pytest.fixture(autouse=True)
def own_kind():
    with nullcontext() if COMPLETE else only("conseils.rappels.MeetingReminder"):
        yield


def leaves(start, days):
    """Of hours without a zone: by day, or at the end of the night, or in the evening before."""
    wall = start - timedelta(days=days)
    return wall if 8 <= wall.hour < 21 else None


def ticks(first, days):
    """Each hour of these days, of 23 or 25 when the clock changes, and half past some."""
    moment = starts_at(first).astimezone(UTC)
    while moment < starts_at(first + days * DAY):
        yield moment
        if local(moment).hour in HALF_PAST:
            yield moment + HOUR / 2
        moment += HOUR


@pytest.mark.parametrize(("first", "days"), SPANS)
def test_each_meeting_is_reminded_of_once_by_day_and_in_time(time_machine, mailoutbox, first, days):
    first = date(*first)
    VilleFactory()
    wanted, sent = defaultdict(list), defaultdict(list)
    for rank, delays in enumerate(DELAYS):
        conseil = ConseilFactory(rappels=delays)
        reader = f"conseil{rank}@exemple.fr"
        Abonnement.objects.create(
            sujet=subject(conseil.pk), courriel=reader, confirme_le=timezone.now()
        )
        for ahead in range(8, days, EVERY):
            start = datetime.combine(first + ahead * DAY, HOURS[rank])
            debut = starts_at(start.date(), start.time())
            span = {"reunion__debut": debut, "reunion__fin": debut + HOUR}
            outside = {"reunion__portee": "hors_les_murs", "reunion__adresse_libre": "École"}
            outside |= {"reunion__salle": None, "reunion__maison": None}
            outside["reunion__quartier"] = conseil.quartier
            seances.publish(PointFactory(reunion__conseil=conseil, **span, **outside).reunion)
            wanted[reader] += [leaves(start, delay) for delay in delays]
    drain()
    mailoutbox.clear()

    for tick in ticks(first, days):
        time_machine.move_to(tick, tick=False)
        written = sweep()
        assert not (written and sweep())
        drain()
        for letter in mailoutbox:
            sent[letter.to[0]].append(local(tick).replace(tzinfo=None))
        mailoutbox.clear()

    assert {reader: sorted(at) for reader, at in sent.items()} == {
        reader: sorted(at) for reader, at in wanted.items() if at
    }
