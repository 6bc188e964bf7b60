"""
G3, every crash point: a process that sweeps and sends is killed at each step of a message.

No hook in what runs: it is known to be at a step because it waits there, for a lock in PostgreSQL,
for the broker or for the mail server, which are ours.
"""

import os
import smtplib
import socket
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event

import psycopg
from django.test.utils import override_settings

from notifications.balayage import sweep
from notifications.lettre import compose
from notifications.models import Message
from notifications.tasks import drain
from portail.emplacement import BASE_DIR
from tests.charge.bureau import TAKEN, Bureau, opened
from tests.charge.de_jour import noon_zone
from tests.charge.echeances import Appointments, Bookings, first_key
from tests.charge.serveur import environment

WITHIN = 60  # seconds for a process to reach a step
LATENCY = 0.02  # seconds
# As a worker, which lives on until its hint is given.
WORK = """
import django; django.setup()
from notifications.coursier import courier
from notifications.tasks import drain, sweep_reminders
{}
courier.hints.join()
"""
SWEEP, DRAIN = WORK.format("sweep_reminders()"), WORK.format("drain()")
BLOCKED = """
    FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()
"""
SAME_KEY = """
    INSERT INTO notifications_message
        (cle, etat, canal, nom, destinataire, repondre_a, objet, texte, html, pieces, secrets,
         identifiant, cree_le, essayer_le, expire_le, essais, erreur)
    VALUES (%s, 'ecarte', '', '', '', '', '', '', '', '[]', '[]',
         gen_random_uuid(), now(), now(), now(), 0, '')
"""
OVER = "UPDATE notifications_message SET essayer_le = now() WHERE etat = 'attente'"


@dataclass
class Scene:
    """A database, a mail server, and somebody who holds locks and looks."""

    database: str
    bureau: Bureau
    observer: psycopg.Connection
    kind: Bookings | Appointments
    broker: str = "redis+socket:///nowhere.sock"
    children: list = field(default_factory=list)

    def start(self, work, **environ):
        environ = environment(self.database) | {
            "EMAIL_URL": f"smtp://127.0.0.1:{self.bureau.port}",
            "CELERY_BROKER_URL": self.broker,
            "DJANGO_SETTINGS_MODULE": "tests.charge.de_jour",
            **environ,
        }
        command = [sys.executable, "-c", work]
        child = subprocess.Popen(command, cwd=BASE_DIR, env=os.environ | environ)
        self.children.append(child)
        return child

    @contextmanager
    def lock(self, mode):
        """SHARE lets others read and lock rows, not write; EXCLUSIVE only read."""
        with psycopg.connect(self.database) as line:
            line.execute(f"LOCK TABLE notifications_message IN {mode} MODE")
            yield
            self.cut()

    def blocked(self):
        return self.observer.execute(f"SELECT count(*) {BLOCKED}").fetchone()[0]

    def cut(self):
        """PostgreSQL would still do what the dead process asked for."""
        for child in self.children:
            child.kill()
            child.wait()
        self.observer.execute(f"SELECT pg_terminate_backend(pid, 10000) {BLOCKED}")

    def recover(self):
        """The leases of the dead run out; the next sweep and drain find what is left."""
        self.bureau.at_address = self.bureau.at_letter = lambda to: TAKEN
        for _ in range(2):
            self.observer.execute(OVER)
            sweep()
            drain()


@contextmanager
def scene_of(database, kind):
    with opened() as bureau, psycopg.connect(database, autocommit=True) as observer:
        yield Scene(database, bureau, observer, kind)


def wait_until(true):
    limit = time.monotonic() + WITHIN
    while not true():
        assert time.monotonic() < limit
        time.sleep(0.005)


def killed(scene, child, reached):
    """Whatever it was about to do, it does no more."""
    wait_until(reached)
    child.kill()
    child.wait()


def at_due(scene, rows):
    """It has read what is due, and writes nothing yet."""
    with scene.lock("SHARE"):
        killed(scene, scene.start(SWEEP), scene.blocked)


def at_row(scene, rows):
    """It has written the first row of two, in a transaction that goes on."""
    second = first_key(scene.kind, rows[1])
    with psycopg.connect(scene.database) as line:
        line.execute(SAME_KEY, [second])
        killed(scene, scene.start(SWEEP), scene.blocked)
        scene.cut()
        line.rollback()


def at_commit(scene, rows):
    """Both rows are committed; it speaks to the broker, which does not answer."""
    written = Message.objects.filter(cle__in=[first_key(scene.kind, row) for row in rows])
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(WITHIN)
        child = scene.start(
            SWEEP, CELERY_BROKER_URL="redis://{}:{}/0".format(*silent.getsockname())
        )
        line, _ = silent.accept()
        # Beside hundreds of others, they may be of two transactions.
        killed(scene, child, lambda: written.count() == len(rows))
        line.close()


def at_publish(scene, rows):
    """The task has begun, and takes no row yet."""
    sweep()
    with scene.lock("EXCLUSIVE"):
        killed(scene, scene.start(DRAIN), scene.blocked)


def at_claim(scene, rows):
    """The first letter is taken; the mail server asks for nothing but its address."""
    stop_at(scene, "at_address", 1)


def at_marked(scene, rows):
    """The first letter is marked as sent, the second is on its way."""
    stop_at(scene, "at_address", 2)


def at_letter(scene, rows):
    """The whole letter is read, and not accepted."""
    stop_at(scene, "at_letter", 1)


def stop_at(scene, step, rank):
    reached, dead, seen = Event(), Event(), []

    def hang(to):
        seen.append(to)
        if len(seen) < rank:
            return TAKEN
        reached.set()
        dead.wait(WITHIN)
        return None

    sweep()
    setattr(scene.bureau, step, hang)
    killed(scene, scene.start(DRAIN), lambda: reached.wait(WITHIN))
    dead.set()


def at_accepted(scene, rows):
    """The server has said 250; the mark waits for a lock."""
    ready, held = Event(), Event()

    def accept(to):
        ready.set()
        held.wait(WITHIN)
        return TAKEN

    sweep()
    scene.bureau.at_letter = accept
    child = scene.start(DRAIN)
    wait_until(lambda: ready.wait(WITHIN))
    with scene.lock("SHARE"):
        held.set()
        killed(scene, child, scene.blocked)


# Each step, and how many letters a kill there may double.
STEPS = {
    at_due: 0,
    at_row: 0,
    at_commit: 0,
    at_publish: 0,
    at_claim: 0,
    at_letter: 0,
    at_accepted: 1,
    at_marked: 0,
}


@dataclass
class Toll:
    """What became of the letters of one step."""

    step: str
    kills: int
    letters: int
    lost: int
    doubled: int
    allowed: int
    disguised: int  # doubles that do not show as such: with another Message-ID

    def __str__(self):
        return (
            f"{self.step}: {self.kills} kills, {self.letters} letters, {self.lost} lost, "
            f"{self.doubled} doubled (at most {self.allowed})"
        )

    @property
    def held(self):
        return not self.lost and not self.disguised and self.doubled <= self.allowed


def crash(scene, step, times):
    """Kill at one step, so many times, two letters each; once a process came back, count."""
    wanted = []
    scene.bureau.accepted.clear()
    with as_by_day(scene):
        for _ in range(times):
            rows = scene.kind.make(2)
            wanted += [row.courriel for row in rows]
            step(scene, rows)
            scene.recover()
    people = Counter(one.to for one in scene.bureau.accepted)
    letters = Counter((one.to, one.key) for one in scene.bureau.accepted)
    return Toll(
        step=step.__name__,
        kills=times,
        letters=len(wanted),
        lost=len(set(wanted) - set(people)),
        doubled=sum(people.values()) - len(people),
        allowed=STEPS[step] * times,
        disguised=len(letters) - len(people),
    )


def as_by_day(scene):
    """This process sends as the others do."""
    return override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=scene.bureau.port,
        TIME_ZONE=noon_zone(),
    )


def rate(scene, count):
    """
    Letters a second, ours and those of a bare loop on the same server, in words.

    It takes the time of a server of the town for each letter (G4).
    """
    scene.bureau.at_letter = lambda to: time.sleep(LATENCY) or TAKEN
    with as_by_day(scene):
        scene.kind.make(count)
        written = timed(sweep)
        letters = [compose(one, None).message() for one in Message.objects.waiting()[:count]]
        ours = timed(drain)
        bare = timed(bare_loop, scene.bureau.port, letters)
    per_second = [round(count / seconds) for seconds in (written, ours, bare)]
    return (
        f"{per_second[0]} reminders a second are written, {per_second[1]} leave; a bare loop sends "
        f"{per_second[2]} ({bare / ours:.2f}, at least 0.5)"
    )


def bare_loop(port, letters):
    with smtplib.SMTP("127.0.0.1", port) as server:
        for letter in letters:
            server.send_message(letter)


def timed(act, *args):
    begun = time.perf_counter()
    act(*args)
    return time.perf_counter() - begun
