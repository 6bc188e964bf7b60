"""A message is written once, with what causes it; the broker is told after, never waited for."""

import json
import socket
import subprocess
import sys
from base64 import b64decode
from datetime import timedelta
from threading import Event

import pytest
import redis
from django.db import transaction
from django.utils import timezone

from notifications.coursier import Courier, courier
from notifications.envoi import post
from notifications.models import Message
from notifications.tasks import drain
from portail.celery import app
from portail.emplacement import BASE_DIR
from tests.notifications.test_courses import wait_until

QUEUE = "tests.celery"  # the worker of a given REDIS_URL does not look there
Etat = Message.Etat


def write(cle, **fields):
    fields = {"courriel": "personne@rivemont.example", "texte": "Code 123456"} | fields
    return post(cle, objet="Essai", expire_le=timezone.now() + timedelta(days=1), **fields)


def undone(cle):
    with transaction.atomic():
        write(cle)
        transaction.set_rollback(True)


@pytest.fixture
def queue(settings):
    def read():
        courier.hints.join()  # what it was given is at the broker, or lost
        return broker.lrange(QUEUE, 0, -1)

    courier.hints.join()
    with redis.from_url(settings.REDIS_URL) as broker:
        broker.delete(QUEUE)
        yield read
        broker.delete(QUEUE)


@pytest.mark.django_db
def test_one_key_is_one_message_the_first():
    first = write("cle", texte="Bonjour")

    assert write("cle", texte="Autre chose") == first
    assert Message.objects.get().texte == "Bonjour"


@pytest.mark.django_db
def test_without_an_address_it_is_said_by_telephone_and_with_nothing_not_written():
    by_phone = write("téléphone", courriel="", telephone="06 39 98 01 23")

    assert write("personne", courriel="") is None
    assert (by_phone.canal, by_phone.etat) == (Message.Canal.TELEPHONE, Etat.A_APPELER)
    assert list(Message.objects.to_phone()) == [by_phone]


@pytest.mark.django_db
def test_no_subject_is_too_long_or_breaks_its_line_and_stops_what_causes_it():
    message = post(
        "cle",
        objet="Salle\n" * 100,
        texte="",
        nom="O’Neill " * 20,
        courriel="personne@rivemont.example",
        expire_le=timezone.now(),
    )

    message.refresh_from_db()
    assert (len(message.objet), len(message.nom)) == (200, 100)
    assert "\n" not in message.objet


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_tells_nobody(queue):
    undone("cle")

    drain()
    assert not Message.objects.exists()
    assert queue() == []


@pytest.mark.django_db(transaction=True)
def test_one_transaction_publishes_one_drain_after_commit_with_nothing_in_it(queue):
    with transaction.atomic():
        write("1")
        with transaction.atomic():
            write("2")
        write("3")
        assert queue() == []

    [task] = map(json.loads, queue())
    args, kwargs, _ = json.loads(b64decode(task["body"]))
    assert (task["headers"]["task"], args, kwargs) == ("notifications.tasks.drain", [], {})
    assert "personne@" not in str(task)


@pytest.mark.django_db(transaction=True)
def test_a_savepoint_that_is_undone_takes_no_other_publication_away(queue):
    with transaction.atomic():
        undone("défait")
        write("gardé")

    assert len(queue()) == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_written_already_or_told_by_telephone_publishes_nothing(queue):
    write("cle")
    write("cle")
    write("téléphone", courriel="", telephone="06 39 98 01 23")

    assert len(queue()) == 1


def silent_socket(folder):
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(folder / "courtier.sock"))
    listening.listen()
    return listening, f"redis+socket://{folder}/courtier.sock"


def silent_port(folder):
    listening = socket.create_server(("127.0.0.1", 0))
    return listening, "redis://{}:{}/0".format(*listening.getsockname())


def closed_port(folder):
    listening, url = silent_port(folder)
    listening.close()
    return listening, url


def absent_socket(folder):
    return socket.socket(socket.AF_UNIX), f"redis+socket://{folder}/absent.sock"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("broker", "talks"),
    [(absent_socket, 0), (closed_port, 0), (silent_port, 1), (silent_socket, 1)],
)
def test_no_page_waits_for_the_broker_and_the_letter_leaves(
    broker, talks, tmp_path_factory, monkeypatch, mailoutbox
):
    courier.hints.join()
    listening, url = broker(tmp_path_factory.mktemp("c"))
    monkeypatch.setattr(app.conf, "broker_write_url", url)
    with listening:
        with transaction.atomic():
            write("cle")
        # The page has its answer while the courier still talks to whom says nothing.
        assert courier.hints.unfinished_tasks >= talks
        drain()
        courier.hints.join()

    assert len(mailoutbox) == 1


def test_a_courier_carries_one_hint_of_each_kind_at_a_time():
    carrier, carried, go_on = Courier(), [], Event()

    def hint():
        carried.append("hint")
        go_on.wait()

    carrier.leave(hint)
    wait_until(lambda: carried)
    for _ in range(5):
        carrier.leave(hint)
    go_on.set()
    carrier.hints.join()

    assert carried == ["hint"] * 2  # what is under way, and one for all that came meanwhile


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_courier_that_fell_is_replaced():
    carrier, carried = Courier(), []

    carrier.leave(lambda: 1 / 0)
    wait_until(lambda: not carrier.thread.is_alive())
    carrier.leave(lambda: carried.append("hint"))
    carrier.hints.join()

    assert carried == ["hint"]


FORKED = """
import os
from notifications.coursier import Courier
carrier = Courier()
carrier.leave(lambda: print("parent", flush=True))
carrier.hints.join()
if child := os.fork():
    os.waitpid(child, 0)
else:
    carrier.leave(lambda: print("child", flush=True))
    carrier.hints.join()
    os._exit(0)
"""


def test_a_process_that_was_forked_has_a_courier_of_its_own():
    told = subprocess.check_output([sys.executable, "-c", FORKED], cwd=BASE_DIR, timeout=30)

    assert told.split() == [b"parent", b"child"]
