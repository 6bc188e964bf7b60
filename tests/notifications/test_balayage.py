"""The sweep writes each reminder once, whoever sweeps with it and whatever stops it."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from comptes.models import Compte
from notifications import nuit, rappels
from notifications.balayage import BATCH, sweep
from notifications.models import UNTRUE, Message
from notifications.tasks import drain, next_due, sweep_reminders
from tests.factories import CompteFactory, MessageFactory
from tests.maisons.test_planning import race
from tests.notifications.pense_betes import AFTER, IMPOSSIBLE, only

Etat = Message.Etat
EVENING, NIGHT, MORNING = (20, 59), (21, 0), (8, 0)


@pytest.fixture(autouse=True)
def only_accounts():
    """The registry holds the tests' own kind alone."""
    with only("tests.notifications.pense_betes.AccountReminder"):
        yield


@pytest.fixture
def at(time_machine):
    """Move to so many days from today, at an hour of the city's clock."""
    today = timezone.localdate()

    def move(hour, minute=0, days=0):
        moment = nuit.at(today + timedelta(days=days), nuit.time(hour, minute))
        time_machine.move_to(moment, tick=False)
        return moment

    move(12)
    return move


def accounts(count=1, hour=12, at=None, **fields):
    """Accounts whose reminder is due on the ninth day from today, at some hour."""
    made = nuit.at(timezone.localdate(), nuit.time(hour))
    return CompteFactory.create_batch(count, cree_le=made, **fields)


@pytest.mark.django_db
def test_a_reminder_is_written_when_its_time_has_come_and_once(at):
    [compte] = accounts()
    at(11, 59, days=9)
    assert sweep() == 0

    at(12, days=9)

    assert [sweep(), sweep()] == [1, 0]
    message = Message.objects.get()
    assert (message.destinataire, message.rappel) == (compte.courriel, True)
    assert compte.courriel not in message.cle
    assert message.expire_le == compte.cree_le + AFTER


@pytest.mark.django_db
def test_late_it_is_written_as_long_as_it_is_of_use(at):
    accounts()

    at(11, 59, days=10)
    assert sweep() == 1

    at(12, days=10)
    Message.objects.all().delete()
    assert sweep() == 0


@pytest.mark.django_db
def test_who_was_told_since_is_not_reminded(at):
    """An account made less than a day before it begins; here, that begins by night."""
    at(12, days=9)
    made = timezone.now() - AFTER + timedelta(hours=3)
    Compte.objects.filter(pk__in=[c.pk for c in accounts(2)]).update(cree_le=made)
    told_later = rappels.registry()["compte"]
    compte = told_later.rows().first()

    assert told_later.due(compte, timezone.now()) != []
    compte.cree_le = timezone.now()
    assert told_later.due(compte, timezone.now()) == []


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_the_sweep_reads_as_much_for_three_as_for_one(at, count, django_assert_num_queries):
    accounts(count)
    CompteFactory(is_active=False, cree_le=timezone.now())
    at(12, days=9)

    # To call, keys, rows, written, again under a lock in a transaction; then each message.
    with django_assert_num_queries(8 + 6 * count):
        assert sweep() == count
    with django_assert_num_queries(4):
        sweep()


@pytest.mark.django_db
def test_many_are_written_in_several_transactions(at):
    accounts(BATCH + 1)
    at(12, days=9)

    assert sweep() == BATCH + 1


@pytest.mark.django_db
def test_what_cannot_be_written_keeps_no_other_from_it(at, caplog):
    accounts(1, nom=IMPOSSIBLE)
    [kept] = accounts()
    at(12, days=9)

    assert sweep() == 1

    assert Message.objects.get().destinataire == kept.courriel
    assert "No reminder: rappel:compte:" in caplog.text


@pytest.mark.django_db
def test_a_kind_that_is_out_of_order_keeps_no_other_from_being_written(at, caplog):
    rappels.paths.insert(0, "tests.notifications.pense_betes.Broken")
    rappels.registry.cache_clear()
    accounts()
    at(12, days=9)

    assert sweep() == 1
    assert "No reminder: en_panne" in caplog.text


@pytest.mark.django_db
def test_by_night_reminders_wait_and_all_else_leaves(at, mailoutbox):
    accounts(2)
    at(12, days=9)
    sweep()
    at(*NIGHT, days=9)
    other = MessageFactory(essayer_le=timezone.now())

    drain()
    assert [letter.to for letter in mailoutbox] == [[other.destinataire]]
    at(*MORNING, days=10)
    drain()

    assert len(mailoutbox) == 3


@pytest.mark.django_db
def test_until_the_last_minute_of_the_evening_they_leave(at, mailoutbox):
    accounts()
    at(12, days=9)
    sweep()
    at(*EVENING, days=9)

    drain()

    assert len(mailoutbox) == 1


@pytest.mark.django_db
def test_useless_by_the_morning_they_never_leave(at, mailoutbox):
    accounts(hour=7)  # begins at 7:00 on the tenth day: told in the morning before
    at(23, days=9)
    assert sweep() == 1

    for hour in (2, 7, 8):
        at(hour, days=10)
        drain()

    assert mailoutbox == []
    assert Message.objects.get().etat == Etat.ECHEC


@pytest.mark.django_db
def test_what_somebody_waits_for_leaves_before_reminders(at):
    accounts()
    at(12, days=9)
    sweep()
    at(13, days=9)
    MessageFactory(essayer_le=timezone.now())

    assert not next_due(Message.Canal.COURRIEL).rappel


@pytest.mark.django_db
def test_what_changed_since_it_was_written_does_not_leave(at, mailoutbox):
    for compte in accounts(3):
        at(12, days=9)
        sweep()
        untrue = {"is_active": False} if compte.pk % 2 else {"cree_le": compte.cree_le + AFTER}
        Compte.objects.filter(pk=compte.pk).update(**untrue)
        at(12)

    at(12, minute=1, days=9)
    drain()

    assert mailoutbox == []
    assert {(m.etat, m.erreur) for m in Message.objects.all()} == {(Etat.ECARTE, UNTRUE)}


@pytest.mark.django_db
def test_a_kind_that_nobody_declares_any_more_does_not_leave(at, mailoutbox):
    MessageFactory(cle="rappel:ancien:1:20261124T1200:60:0", rappel=True)

    drain()

    assert mailoutbox == []


@pytest.mark.django_db
def test_nobody_is_called_about_what_has_changed(at):
    accounts()
    at(12, days=9)
    sweep()
    Message.objects.update(etat=Etat.A_APPELER)
    sweep()
    assert Message.objects.to_phone().exists()

    Compte.objects.update(is_active=False)
    sweep()

    assert Message.objects.get().etat == Etat.ECARTE


@pytest.mark.django_db(transaction=True)
def test_ten_sweeps_at_once_write_each_once(at):
    accounts(30)
    at(12, days=9)

    told = race(*[sweep] * 10)

    assert sum(told) == Message.objects.count() == 30
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_row_that_somebody_changes_is_left_to_the_next_sweep(at):
    busy, _ = accounts(2)
    at(12, days=9)
    with transaction.atomic():
        Compte.objects.select_for_update().get(pk=busy.pk)
        assert race(sweep) == [1]

    sweep_reminders()

    assert Message.objects.count() == 2
    connection.close()
