"""What the city reads of its messages: how many left at once, how long the oldest waits (G4)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.models import Message
from notifications.remise import longest_wait, shares
from notifications.tasks import drain
from tests.factories import CompteFactory, MessageFactory

pytestmark = pytest.mark.django_db
NOON = timezone.make_aware(timezone.datetime(2026, 11, 24, 12))
Etat = Message.Etat


@pytest.fixture(autouse=True)
def at_noon(time_machine):
    time_machine.move_to(NOON, tick=False)


def sent(after, due=NOON - timedelta(hours=1), **fields):
    """A message that left so many seconds after it was due."""
    fields = {"etat": Etat.ENVOYE, "essais": 1} | fields
    return MessageFactory(partir_le=due, fini_le=due + timedelta(seconds=after), **fields)


def test_shares_are_those_of_each_day_from_when_messages_were_due():
    for after in (1, 10, 11, 60, 61):
        sent(after)
    sent(5, due=NOON - timedelta(days=1))

    assert [(day["total"], day["en_10_s"], day["en_60_s"]) for day in shares()] == [
        (5, 40, 80),
        (1, 100, 100),
    ]


def test_what_still_waits_is_late_after_a_minute_and_not_before():
    for seconds in (30, 90):
        MessageFactory(essayer_le=NOON - timedelta(seconds=seconds))
    taken = MessageFactory(essayer_le=NOON + timedelta(minutes=3), essais=1)
    Message.objects.filter(pk=taken.pk).update(partir_le=NOON - timedelta(seconds=61))

    [today] = shares()

    assert (today["total"], today["en_60_s"]) == (2, 0)


def test_calls_what_was_set_aside_and_days_gone_by_count_for_nothing():
    sent(1, canal=Message.Canal.TELEPHONE)
    sent(1, etat=Etat.ECARTE)
    sent(1, due=NOON - timedelta(days=8))

    assert shares() == []


def test_a_letter_kept_for_the_morning_counts_from_the_morning(time_machine, mailoutbox):
    MessageFactory(cree_le=NOON - timedelta(hours=9), essayer_le=NOON)

    drain()

    assert (shares()[0]["total"], shares()[0]["en_10_s"]) == (1, 100)


def test_a_reminder_held_by_night_counts_from_the_morning(time_machine, mailoutbox):
    time_machine.move_to(NOON.replace(hour=3), tick=False)
    MessageFactory(rappel=True, cle="rappel:inconnu:1:20261125T1200:60:x")
    drain()
    assert longest_wait() == 0

    time_machine.move_to(NOON.replace(hour=8, second=20), tick=False)
    drain()

    assert Message.objects.get().partir_le == NOON.replace(hour=8)


def test_what_is_tried_again_counts_from_the_first_time(bureau, time_machine):
    bureau.to_address = "451 Try again later"
    MessageFactory()
    drain()
    bureau.to_address = "250 OK"

    time_machine.move_to(NOON + timedelta(minutes=1), tick=False)
    drain()

    assert len(bureau.received) == 1
    assert (shares()[0]["en_10_s"], shares()[0]["en_60_s"]) == (0, 100)


def test_what_was_never_tried_and_is_of_no_use_any_more_was_late():
    due = NOON - timedelta(hours=2)
    MessageFactory(essayer_le=due, expire_le=NOON - timedelta(hours=1))

    drain()

    assert (shares()[0]["total"], shares()[0]["en_60_s"]) == (1, 0)


def test_the_longest_wait_is_that_of_the_oldest_that_should_have_left(client):
    MessageFactory(essayer_le=NOON - timedelta(seconds=40))
    taken = MessageFactory(essayer_le=NOON + timedelta(minutes=3), essais=1)
    Message.objects.filter(pk=taken.pk).update(partir_le=NOON - timedelta(seconds=75))
    MessageFactory(essayer_le=NOON + timedelta(hours=1))
    MessageFactory(essayer_le=NOON - timedelta(days=2), expire_le=NOON - timedelta(days=1))
    MessageFactory(essayer_le=NOON - timedelta(days=2), canal=Message.Canal.TELEPHONE)

    assert longest_wait() == 75
    assert client.get("/sante/").json()["plus_longue_attente_s"] == 75


def test_administrators_read_the_shares_above_the_list(client):
    sent(1)
    sent(70)
    client.force_login(CompteFactory(is_superuser=True))

    page = client.get("/gestion/notifications/message/").content.decode()

    assert "50\u00a0% en une minute" in page
