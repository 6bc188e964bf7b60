"""A message is written once, with what causes it; the broker is told after, never waited for."""

import json
import socket
from base64 import b64decode
from datetime import timedelta
from time import monotonic

import pytest
import redis
from django.db import transaction
from django.utils import timezone

from notifications.envoi import post
from notifications.models import Message
from notifications.tasks import drain
from portail.celery import app

QUEUE = "tests.celery"  # the worker of a given REDIS_URL does not look there
WITHIN = 0.5  # seconds, on a machine that does other things
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
    with redis.from_url(settings.REDIS_URL) as broker:
        broker.delete(QUEUE)
        yield lambda: broker.lrange(QUEUE, 0, -1)
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
@pytest.mark.parametrize("broker", [absent_socket, closed_port, silent_port, silent_socket])
def test_no_page_waits_for_the_broker_and_the_letter_leaves(
    broker, tmp_path_factory, monkeypatch, mailoutbox
):
    listening, url = broker(tmp_path_factory.mktemp("c"))
    monkeypatch.setattr(app.conf, "broker_write_url", url)
    with listening:
        begun = monotonic()
        with transaction.atomic():
            write("cle")
        waited = monotonic() - begun

    drain()
    assert waited < WITHIN
    assert len(mailoutbox) == 1
