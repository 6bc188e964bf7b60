"""After a restore from backup nothing leaves until an operator says so (promise 7, G10)."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, timedelta
from threading import Barrier

import psycopg
import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from notifications import retenue
from notifications.models import ERASED, Message, Repere
from notifications.tasks import drain, drain_sms
from portail.emplacement import BASE_DIR
from tests.charge.bases import throw_away
from tests.charge.serveur import environment
from tests.factories import AffectationFactory, CompteFactory, MessageFactory
from tests.notifications.test_courses import DRAIN, drain_in_a_thread

pytestmark = pytest.mark.django_db
Etat = Message.Etat
PAGE = reverse("admin:notifications_message_reprise")
SENT, HOLD = "SELECT etat FROM notifications_message ORDER BY id", "retenu_le IS NOT NULL"


def mark():
    return json.loads(mark_file().read_text())


def mark_file():
    return retenue.Path(retenue.settings.STATE_DIR) / retenue.NAME


def go_back(ranks=1):
    """What a restore does to the database's half of the mark."""
    repere = Repere.objects.get()
    before = repere.avance_le - timedelta(hours=1)
    Repere.objects.update(rang=repere.rang - ranks, avance_le=before)


def lose_the_file():
    mark_file().unlink()


def lose_the_row():
    Repere.objects.all().delete()


def another_database():
    mark_file().write_text(json.dumps(mark() | {"jeton": "autre"}))


def an_older_copy():
    """As on a machine made from another: its file does not follow any more."""
    mark_file().write_text(json.dumps(mark() | {"rang": mark()["rang"] - 2}))


def garbage():
    mark_file().write_text("{")


DISAGREE = [go_back, lose_the_file, lose_the_row, another_database, an_older_copy, garbage]


@pytest.fixture
def sending(mailoutbox):
    """A portal that has sent something already."""
    MessageFactory()
    drain()
    assert len(mailoutbox) == 1


@pytest.fixture
def held(sending):
    """It was restored; two messages may have left in the hour that was lost, a third is new."""
    secret = {"texte": "Code 123456", "secrets": ["123456"]}
    by_sms = {"canal": Message.Canal.SMS, "sms": "Code", "destinataire": "06 39 98 01 23"}
    old = [MessageFactory(**secret), MessageFactory(**by_sms)]
    go_back()
    new = MessageFactory()
    Message.objects.filter(pk=new.pk).update(essayer_le=timezone.now() + timedelta(seconds=1))
    earlier = timezone.now() - timedelta(minutes=1)
    Message.objects.filter(pk__in=[m.pk for m in old]).update(essayer_le=earlier)
    drain()
    return [*old, new]


@pytest.fixture
def administrator(client):
    compte = CompteFactory(is_superuser=True, nom="Ada")
    client.force_login(compte)
    return compte


def test_a_first_start_makes_both_halves_in_a_folder_of_its_own(settings, tmp_path, mailoutbox):
    settings.STATE_DIR = tmp_path / "plus" / "loin"
    MessageFactory()

    drain()

    repere = Repere.objects.get()
    assert len(mailoutbox) == 1
    assert mark() == repere.mark
    assert mark_file().parent.stat().st_mode & 0o777 == 0o700


def test_both_halves_go_on_together_with_each_message_and_each_drain(sending):
    before = mark()["rang"]
    MessageFactory.create_batch(2)

    drain()
    drain_sms()

    assert mark()["rang"] == before + 4  # two messages, and two ends of a queue
    assert mark() == Repere.objects.get().mark


@pytest.mark.parametrize("what", DISAGREE)
def test_when_the_halves_disagree_nothing_leaves(sending, mailoutbox, what):
    waiting = [MessageFactory(), MessageFactory(canal=Message.Canal.SMS, sms="Demain")]
    what()

    for _ in range(2):
        drain()
        drain_sms()

    assert len(mailoutbox) == 1
    assert Message.objects.filter(etat=Etat.ATTENTE, essais=0).count() == len(waiting)
    assert Repere.objects.held()


@pytest.mark.parametrize("what", DISAGREE)
def test_an_operator_lets_them_leave_and_the_next_restore_is_seen_too(
    client, administrator, sending, mailoutbox, what
):
    MessageFactory()
    what()
    drain()

    client.post(PAGE, {"faire": "reprendre"})
    drain()

    assert len(mailoutbox) == 2
    assert Repere.objects.get().repris_par == administrator
    what()
    MessageFactory()
    drain()
    assert len(mailoutbox) == 2


def test_killed_between_both_halves_it_goes_on(sending, mailoutbox):
    for _ in range(3):
        mark_file().write_text(json.dumps(mark() | {"rang": Repere.objects.get().rang - 1}))
        MessageFactory()
        drain()

    assert len(mailoutbox) == 4
    assert not Repere.objects.held()


def test_killed_at_the_very_first_start_it_starts_again(mailoutbox, settings):
    settings.STATE_DIR.joinpath(retenue.NAME).write_text('{"jeton": "essai", "rang": 0, "le": ""}')
    MessageFactory()

    drain()

    assert len(mailoutbox) == 1


def test_without_a_folder_nothing_leaves_and_with_it_again_everything_does(
    sending, mailoutbox, settings, tmp_path, caplog
):
    kept, settings.STATE_DIR = settings.STATE_DIR, tmp_path / "fichier"
    settings.STATE_DIR.touch()
    MessageFactory()
    drain()
    assert len(mailoutbox) == 1
    assert "state folder" in caplog.text

    settings.STATE_DIR = kept
    drain()

    assert len(mailoutbox) == 2


def test_two_machines_that_share_no_folder_do_not_both_send(
    sending, mailoutbox, settings, tmp_path
):
    here, there = settings.STATE_DIR, tmp_path
    MessageFactory.create_batch(2)

    for folder in (there, here, there):
        settings.STATE_DIR = folder
        drain()

    assert len(mailoutbox) == 1
    assert Repere.objects.held()


def test_of_two_such_machines_one_alone_takes_the_mark_that_an_operator_gives(
    client, administrator, sending, mailoutbox, settings, tmp_path
):
    lose_the_file()
    drain()
    client.post(PAGE, {"faire": "reprendre"})

    drain()
    settings.STATE_DIR = tmp_path
    MessageFactory()
    drain()

    assert len(mailoutbox) == 1
    assert Repere.objects.held()


@pytest.mark.django_db(transaction=True)
def test_workers_that_start_at_once_all_send(mailoutbox):
    MessageFactory.create_batch(20)
    gate = Barrier(10)

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(drain_in_a_thread, [gate] * 10))

    assert len(mailoutbox) == 20
    assert not Repere.objects.held()
    assert mark() == Repere.objects.get().mark


@pytest.mark.django_db(transaction=True)
def test_a_database_brought_back_from_a_copy_sends_nothing(sending, mailoutbox, bureau):
    MessageFactory()
    name = connection.settings_dict["NAME"]
    connection.close()
    with throw_away(f"{name}_copie", name) as copy:
        drain()  # after the copy was made
        assert len(bureau.received) == 1

        run_a_worker(copy, bureau.port)

        with psycopg.connect(copy) as line:
            assert line.execute(SENT).fetchall() == [("envoye",), ("attente",)]
            assert line.execute(f"SELECT {HOLD} FROM notifications_repere").fetchone() == (True,)
    assert len(bureau.received) == 1


def run_a_worker(database, port):
    environ = environment(database) | {"EMAIL_URL": f"smtp://127.0.0.1:{port}"}
    environ["DJANGO_SETTINGS_MODULE"] = "portail.settings"
    subprocess.run(
        [sys.executable, "-c", DRAIN], cwd=BASE_DIR, env=os.environ | environ, check=True
    )


def test_the_page_lists_what_may_have_left_and_tells_the_time_that_is_lost(
    client, administrator, held
):
    page = client.get(PAGE)

    assert list(page.context["rows"]) == held[:2]
    assert page.context["total"] == 3
    assert "La base de données vient d’une sauvegarde." in page.content.decode()
    assert "123456" not in page.content.decode()
    assert client.get("/sante/").json()["envois"] == "retenus"
    assert PAGE in client.get("/gestion/").content.decode()


@pytest.mark.parametrize("all_of_them", [False, True])
def test_what_is_set_aside_never_leaves_and_the_rest_does(
    client, administrator, held, mailoutbox, all_of_them, time_machine, settings
):
    settings.SMS_URL = "console:"
    first, second, new = held
    given = {"tous": "oui"} if all_of_them else {"messages": [first.pk]}

    client.post(PAGE, given)
    client.post(PAGE, {"faire": "reprendre"})
    time_machine.move_to(timezone.now() + timedelta(minutes=1))
    drain()
    drain_sms()

    told = {m.pk: m.etat for m in Message.objects.filter(pk__in=[m.pk for m in held])}
    kept = Etat.ECARTE if all_of_them else Etat.ENVOYE
    assert told == {first.pk: Etat.ECARTE, second.pk: kept, new.pk: Etat.ENVOYE}
    assert Message.objects.get(pk=first.pk).texte == f"Code {ERASED}"
    assert len(mailoutbox) == 2


def test_a_message_that_certainly_did_not_leave_is_not_set_aside(client, administrator, held):
    client.post(PAGE, {"messages": [held[2].pk, "x", "9" * 30]})

    assert not Message.objects.filter(etat=Etat.ECARTE).exists()


def test_a_reminder_written_again_is_known_by_when_it_was_to_leave(held):
    until = Repere.objects.get().sent_until
    start = (until + timedelta(days=2)).astimezone(UTC)
    keys = {
        f"rappel:essai:{rank}:{start + timedelta(hours=rank):%Y%m%dT%H%M}:2880:x"
        for rank in (-30, 30)
    }
    lost, new = [MessageFactory(rappel=True, cle=key) for key in sorted(keys)]

    assert lost in retenue.may_have_left(Repere.objects.get())
    assert new not in retenue.may_have_left(Repere.objects.get())


def test_nothing_ticked_is_told(client, administrator, held):
    page = client.post(PAGE).content.decode()

    assert "Cochez au moins un message." in page
    assert "<title>Erreur" in page


def test_when_nothing_is_held_the_page_says_so_and_does_nothing(client, administrator, sending):
    before = Repere.objects.values().get()

    told = client.post(PAGE, {"faire": "reprendre"}, follow=True).content.decode()
    client.post(PAGE, {"tous": "oui"})

    assert "Les messages partent déjà." in told
    assert Repere.objects.values().get() == before
    assert client.get("/sante/").json()["envois"] == "ok"
    assert PAGE not in client.get("/gestion/").content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_only_administrators_let_messages_leave(client, held, method):
    client.force_login(AffectationFactory(role="direction").compte)
    role = getattr(client, method)(PAGE, {"faire": "reprendre"}).status_code
    client.force_login(CompteFactory())
    outsider = getattr(client, method)(PAGE, {"faire": "reprendre"}).status_code

    assert (role, outsider) == (403, 404)
    assert Repere.objects.held()
