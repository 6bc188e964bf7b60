"""
G3, the storm: thousands of reminders while workers, beats, broker and database are killed at random
and the mail server refuses, drops and hangs. Its seed makes the same storm again, but for the time
that this machine takes.
"""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from random import Random

import environ
import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.models import BigIntegerField, Func, Value
from django.db.models.functions import Cast
from django.utils import timezone

from notifications.models import Message
from portail.emplacement import BASE_DIR, Place
from portail.serveurs import ROLE, programs, start_postgres, start_valkey
from tests.charge.bases import throw_away
from tests.charge.bureau import TAKEN, opened
from tests.charge.echeances import KINDS
from tests.charge.rappels import OVER, STEPS, as_by_day, crash, rate, scene_of

CELERY = [sys.executable, "-m", "celery", "--quiet", "--app", "portail"]
WORKERS, BEATS = ["worker 1", "worker 2"], ["beat 1", "beat 2"]
PATIENCE = 900  # seconds for what is left to be sent in peace
BETWEEN = 0, 6  # seconds from the first letter after a kill to the next one
LIFE = 30  # seconds that this letter may take
MARKING = 3  # seconds, on a busy machine, from the server's 250 to the mark
HANG = 60  # seconds: more than the portal waits (EMAIL_TIMEOUT)
SOON = 25  # one in so many begins within minutes: its reminder may come too late to leave
OF_ROW = Func(
    "cle", Value(":"), Value(3), function="SPLIT_PART"
)  # the row in the key of a reminder


@dataclass(frozen=True)
class Blow:
    """Something killed, and until when it was missed."""

    what: str
    at: float
    back: float


class Storm:
    def __init__(self, place, bureau, seed, kind):
        self.place, self.bureau, self.random = place, bureau, Random(seed)
        self.kind = kind
        self.postgres, self.valkey = programs(place)
        self.sockets, self.blows, self.processes = os.readlink(place.sockets), [], {}
        self.servers = {}
        self.url = f"postgresql://{ROLE}@/{ROLE}?host={self.sockets}"
        for name in ("postgres", "valkey"):
            self.start_server(name)

    def start_server(self, name):
        """Durable as in a city, but for the disk itself: no machine falls here."""
        if name == "postgres":
            start_postgres(self.place, self.postgres, ["fsync=off"])
        else:
            start_valkey(self.place, self.valkey)
        self.servers[name] = self.place.children[-1]

    def start(self, name):
        kind, _, rank = name.partition(" ")
        options = ["--pool", "solo"] if kind == "worker" else ["--pidfile=", "--schedule"]
        if kind == "beat":
            options.append(str(self.place.folder / f"calendrier-{rank}"))
        given = {
            "DATABASE_URL": self.url,
            "REDIS_URL": f"unix://{self.sockets}/valkey.sock",
            "EMAIL_URL": f"smtp://127.0.0.1:{self.bureau.port}",
            "DJANGO_SETTINGS_MODULE": "tests.charge.de_jour",
            "SECRET_KEY": settings.SECRET_KEY,
            "STATE_DIR": str(self.place.folder / "etat"),
            "DEBUG": "True",
        }
        with self.place.log(name.replace(" ", "-")).open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [*CELERY, kind, *options, "--loglevel", "WARNING"],
                cwd=BASE_DIR,
                env=os.environ | given,
                stdout=log,
                stderr=log,
            )

    def strike(self, name):
        """kill -9, and back again at once."""
        at = time.time()
        if name in self.servers:
            os.killpg(self.servers[name].pid, signal.SIGKILL)
            self.servers[name].wait()
            time.sleep(self.random.random())
            self.start_server(name)
        else:
            self.kill(name)
            self.start(name)
        self.blows.append(Blow(name, at, time.time()))

    def kill(self, name):
        self.processes[name].kill()
        self.processes[name].wait()

    def answer(self, to):
        """Of the mail server: now and then it refuses for a while, hangs up, or says nothing."""
        chance = self.random.random()
        if chance < 0.0005:
            time.sleep(HANG)
        if chance < 0.005:
            return None
        return "451 Try again later" if chance < 0.02 else TAKEN

    def rage(self, patience):
        """Until all has left, or for so many seconds; returns how many are left."""
        self.bureau.at_address = self.bureau.at_letter = self.answer
        for name in WORKERS + BEATS:
            self.start(name)
        limit, left = time.monotonic() + patience, True
        while left and time.monotonic() < limit:
            self.wait_for_life()
            time.sleep(self.random.uniform(*BETWEEN))
            targets = WORKERS * 4 + BEATS * 2 + ["valkey", "postgres"]
            self.strike(self.random.choice(targets))
            left = self.left()
        return left

    def wait_for_life(self):
        """A letter more: on a busy machine, what is killed before it works proves nothing."""
        before, limit = len(self.bureau.accepted), time.monotonic() + LIFE
        while len(self.bureau.accepted) == before and time.monotonic() < limit:
            time.sleep(0.1)

    def left(self):
        """Reminders not written, or not sent."""
        written = Message.objects.filter(rappel=True)
        with suppress(OperationalError):  # PostgreSQL wakes up
            connection.close()
            coming = self.kind.model.objects.filter(debut__gt=timezone.now())
            told = written.values(row=Cast(OF_ROW, BigIntegerField()))
            return coming.exclude(pk__in=told).count() + written.filter(etat="attente").count()
        return -1

    def calm(self):
        """The last ones are killed; what they held is due again, and one worker sends it."""
        at = time.time()
        for name in list(self.processes):
            self.kill(name)
            self.blows.append(Blow(name, at, time.time()))
        self.bureau.at_address = self.bureau.at_letter = lambda to: TAKEN
        with psycopg.connect(self.url, autocommit=True) as line:
            line.execute(OVER)
        self.start(WORKERS[0])
        self.start(BEATS[0])
        limit = time.monotonic() + PATIENCE
        while self.left() and time.monotonic() < limit:
            time.sleep(0.5)
        for name in (WORKERS[0], BEATS[0]):
            self.kill(name)


@contextmanager
def elsewhere(url):
    """Django's connection goes to another database, migrated, for a while."""
    before, there = connection.settings_dict.copy(), environ.Env.db_url_config(url)
    connection.close()
    options = before["OPTIONS"] | there.get("OPTIONS", {})
    connection.settings_dict.update(there, OPTIONS=options)
    try:
        with closing(connection):
            call_command("migrate", verbosity=0)
            yield
    finally:
        connection.settings_dict.update(before)


@contextmanager
def own_servers(seed, kind):
    """PostgreSQL and Valkey that may be killed; Django's connection goes there meanwhile."""
    place = Place(f"essai-{os.getpid()}")
    with place.claimed(), opened() as bureau:
        storm = Storm(place, bureau, seed, kind)
        with elsewhere(storm.url):
            yield storm
    place.remove()


def make_due(count, storm):
    """So many; some begin within minutes."""
    rows = storm.kind.make(count)
    storm.kind.hasten([row for row in rows if storm.random.randrange(SOON) == 0])
    return rows


def weather(count, seed, patience, kind):
    """Live one storm; the tolls, counted from what the mail server took."""
    with own_servers(seed, kind) as storm:
        rows = make_due(count, storm)
        begun = time.monotonic()
        with as_by_day(storm):
            storm.rage(patience)
            storm.calm()
        return Sinistre(rows, storm, seed, time.monotonic() - begun)


class Sinistre:
    """What the storm cost."""

    def __init__(self, rows, storm, seed, seconds):
        accepted = storm.bureau.accepted
        self.seed, self.seconds, self.blows = seed, seconds, Counter(b.what for b in storm.blows)
        self.begins = {row.courriel: row.debut.timestamp() for row in rows}
        self.taken = Counter(one.to for one in accepted)
        untold = [to for to in self.begins if to not in self.taken]
        self.too_late = [to for to in untold if self.begins[to] < time.time()]
        self.lost = [to for to in untold if to not in self.too_late]
        self.late = [one for one in accepted if one.at >= self.begins[one.to]]
        self.doubled = [to for to, times in self.taken.items() if times > 1]
        first = {}
        for one in accepted:
            first.setdefault(one.to, one)
        self.unexplained = [to for to in self.doubled if not explained(first[to].at, storm.blows)]
        self.disguised = len({(one.to, one.key) for one in accepted}) - len(self.taken)

    def __str__(self):
        blows = ", ".join(f"{what} × {times}" for what, times in sorted(self.blows.items()))
        return (
            f"{len(self.begins)} reminders in {self.seconds:.0f} s, seed {self.seed}, kills: "
            f"{blows}.\n{len(self.lost)} lost, {len(self.late)} late, {len(self.doubled)} doubled "
            f"({len(self.unexplained)} without a kill), {self.disguised} in disguise, "
            f"{len(self.too_late)} given up as too late."
        )

    @property
    def held(self):
        most = sum(self.blows.values()) + self.blows["postgres"]  # which may stop two workers
        doubled = max(self.taken.values()) <= 2 and len(self.doubled) <= most
        return doubled and not (self.lost or self.late or self.unexplained or self.disguised)


def explained(at, blows):
    """Whether something was killed, or missing, between the 250 of a letter and its mark."""
    return any(blow.at - MARKING <= at <= blow.back + MARKING for blow in blows)


def bench(times, count, seed):
    """All of it for each kind, told as it goes; whether something was not held."""
    tolls = []
    for kind in KINDS:
        print(f"{kind.name}:", flush=True)
        tolls += breakdowns(kind, times)
        tolls.append(weather(count, seed, 60 + count // 15, kind))
        print(tolls[-1], flush=True)
    return not all(toll.held for toll in tolls)


def breakdowns(kind, times):
    tolls, name = [], f"rappels_{os.getpid()}"
    with throw_away(name) as url, elsewhere(url), scene_of(url, kind) as scene:
        for step in STEPS:
            tolls.append(crash(scene, step, times))
            print(tolls[-1], flush=True)
        print(rate(scene, 1_000), flush=True)
    return tolls
