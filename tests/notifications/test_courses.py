"""Many drains at once, a worker killed at the worst instant, a mail server that says nothing."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from threading import Barrier
from time import monotonic, sleep

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from notifications.models import LEASE, Message
from notifications.tasks import drain
from portail.emplacement import BASE_DIR
from tests.charge.bases import url_of
from tests.charge.serveur import environment
from tests.factories import MessageFactory

pytestmark = pytest.mark.django_db(transaction=True)
DRAIN = "import portail.wsgi; from notifications.tasks import drain; drain()"
WITHIN = 30  # seconds
OPEN = "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'"
BLOCKED = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
CUT = BLOCKED.replace("*", "pg_terminate_backend(pid)")


@pytest.fixture
def observer():
    url = url_of(connection.settings_dict["NAME"])
    with psycopg.connect(url, autocommit=True) as observer:
        yield lambda query: observer.execute(
            f"{query} AND datname = current_database()"
        ).fetchone()[0]


def drain_in_a_thread(gate):
    with closing(connection):
        gate.wait()
        drain()


def wait_until(true):
    limit = monotonic() + WITHIN
    while not true():
        assert monotonic() < limit
        sleep(0.02)


def test_twenty_drains_at_once_send_each_letter_once(bureau):
    messages = MessageFactory.create_batch(30)
    gate = Barrier(20)

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(drain_in_a_thread, [gate] * 20))

    told = sorted(letter["To"] for letter in bureau.received)
    assert told == sorted(message.destinataire for message in messages)
    assert set(Message.objects.values_list("etat", "essais")) == {("envoye", 1)}


def test_no_transaction_is_open_while_the_mail_server_hangs(bureau, observer):
    MessageFactory.create_batch(3)
    bureau.hangs = True

    with ThreadPoolExecutor(1) as pool:
        drained = pool.submit(drain_in_a_thread, Barrier(1))
        assert bureau.reached.wait(WITHIN)
        seen = [observer(OPEN) for _ in range(20)]
        bureau.hangs = False
        drained.result(WITHIN)

    assert set(seen) == {0}
    assert len(bureau.received) == 3


@contextmanager
def a_worker(port):
    """A process that drains the tests' outbox by SMTP, killed at the end."""
    environ = environment(url_of(connection.settings_dict["NAME"]))
    environ |= {
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "DJANGO_SETTINGS_MODULE": "portail.settings",
    }
    worker = subprocess.Popen([sys.executable, "-c", DRAIN], cwd=BASE_DIR, env=os.environ | environ)
    try:
        yield
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()


def test_killed_between_the_server_s_250_and_our_mark_it_leaves_twice_as_one(
    bureau, observer, time_machine
):
    MessageFactory()
    bureau.hangs = True
    with psycopg.connect(url_of(connection.settings_dict["NAME"])) as other:
        with a_worker(bureau.port):
            assert bureau.reached.wait(WITHIN)
            other.execute("SELECT FROM notifications_message FOR UPDATE")  # holds the mark back
            bureau.hangs = False
            wait_until(lambda: observer(BLOCKED))
        observer(CUT)  # PostgreSQL would still write the mark that the dead worker asked for

    assert len(bureau.received) == 1
    time_machine.move_to(timezone.now() + LEASE)
    drain()
    drain()

    assert len(bureau.received) == 2
    assert len({letter["Message-ID"] for letter in bureau.received}) == 1
    assert Message.objects.get().etat == Message.Etat.ENVOYE


def test_killed_before_the_server_s_250_it_leaves_once(bureau, time_machine):
    MessageFactory()
    bureau.hangs = True
    with a_worker(bureau.port):
        assert bureau.reached.wait(WITHIN)
    bureau.hangs = False

    drain()
    assert bureau.received == []
    time_machine.move_to(timezone.now() + LEASE)
    drain()

    assert len(bureau.received) == 1
