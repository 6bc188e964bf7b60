"""
Mixed operations by several clients over HTTP, each written down before and after; then checked.

Every client writes what it asks and how it ended: ok, refused or unknown (the answer was lost);
what is unknown is settled by asking again with the same token. The checker reads these lines and
the table alone: no overlap, nothing acknowledged missing, nothing refused present.
"""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from pathlib import Path
from random import Random
from threading import Event, Lock, Thread
from time import monotonic, sleep
from uuid import UUID

import psutil

from maisons.heures import starts_at
from tests.charge.bases import overlaps
from tests.charge.clients import Resident, send

OK, REFUSED, UNKNOWN = "ok", "refused", "unknown"
LOST = (OSError, IndexError, ValueError, TypeError)  # a cut connection, half an answer
CUT = 0.05  # share of the answers that a client does not wait for
DAYS = 85  # of the calendar, before it begins again
HOURS = [f"{half // 2:02}:{half % 2 * 30:02}" for half in range(28, 40)]  # 14:00 to 19:30


@dataclass
class Journal:
    """One line for each operation that began, with its end."""

    path: Path
    lock: Lock = field(default_factory=Lock)

    def write(self, **line):
        with self.lock, self.path.open("a") as file:
            file.write(json.dumps(line | {"at": monotonic()}) + "\n")

    def lines(self):
        return [json.loads(line) for line in self.path.read_text().splitlines()]


@dataclass
class Person:
    """A client of the portal and the bookings that it knows to be its own."""

    port: int
    resident: Resident
    rooms: list  # (key, address)
    first: date
    journal: Journal
    random: Random
    mine: dict = field(default_factory=dict)  # key of a booking: its token
    turn: int = 0

    def answer(self, raw):
        """What came back; None when the answer is lost, sometimes on purpose."""
        if self.random.random() < CUT:
            with suppress(*LOST):
                send(self.port, raw, timeout=self.random.choice([0.001, 0.01, 0.05]))
            return None
        with suppress(*LOST):
            answer = send(self.port, raw)
            return answer if answer.status < 500 else None
        return None

    def insist(self, raw):
        """Ask until somebody answers: workers come back, and the same token is the same thing."""
        for _ in range(100):
            with suppress(*LOST):
                answer = send(self.port, raw)
                if answer.status < 500:
                    return answer
            sleep(0.1)
        raise AssertionError("The portal does not answer any more.")

    def span(self):
        """On the day where the others are too: all go through the calendar at the same pace."""
        day = self.first + timedelta(days=self.turn // 2 % DAYS)
        start = self.random.randrange(4)
        return {
            "jour": day.isoformat(),
            "de": HOURS[start],
            "a": HOURS[start + self.random.randint(2, 8)],
        }

    def book(self):
        room, address = self.random.choice(self.rooms)
        typed = self.span() | {"jeton": str(UUID(int=self.random.getrandbits(128), version=4))}
        line = {"op": "book", "room": room} | typed
        self.journal.write(end="invoke", **line)
        raw = self.resident.post(
            f"{address}reserver/", usage="voisins", personnes=4, etape="confirmer", **typed
        )
        key = booked(self.settled(raw, line))
        self.journal.write(end=OK if key else REFUSED, **line)
        if key:
            self.mine[key] = typed["jeton"]

    def settled(self, raw, line):
        """The answer; when it was lost, the one to the same thing asked again."""
        answer = self.answer(raw)
        if answer is None:
            self.journal.write(end=UNKNOWN, **line)
            answer = self.insist(raw)
        return answer

    def cancel(self):
        if self.mine:
            key = self.random.choice(sorted(self.mine))
            line = {"op": "cancel", "jeton": self.mine.pop(key)}
            self.journal.write(end="invoke", **line)
            self.settled(self.resident.post(f"/reservations/{key}/annuler/"), line)
            self.journal.write(end=OK, **line)

    def play(self, times, acts):
        names, weights = zip(*acts, strict=True)
        for _ in range(times):
            self.turn += 1
            getattr(self, self.random.choices(names, weights)[0])()


def booked(answer):
    """The key of the booking that an answer leads to, or None."""
    if answer.status != 302:
        return None
    found = re.search(r"[Ll]ocation: /reservations/(\d+)/", answer.head)
    return int(found[1]) if found else None


@dataclass
class Desk(Person):
    """An agent of the house, who grants what waits and closes rooms for a while."""

    house: int = 0

    def grant(self):
        page = self.insist(self.resident.get("/gestion/")).body
        if paths := re.findall(r"/gestion/maisons/reservation/\d+/confirmer/", page):
            self.answer(self.resident.post(self.random.choice(paths)))

    def close(self):
        asked, (room, _) = self.span(), self.random.choice(self.rooms)
        line = {"op": "close", "room": room} | asked
        day = asked["jour"]
        raw = self.resident.post(
            "/gestion/maisons/fermeture/add/",
            maison=self.house,
            salle=room,
            motif="travaux",
            debut=f"{day}T{asked['de']}",
            fin=f"{day}T{asked['a']}",
        )
        self.journal.write(end="invoke", **line)
        answer = self.answer(raw)
        end = UNKNOWN if answer is None else OK if answer.status == 302 else REFUSED
        self.journal.write(end=end, **line)


def disturb(serveur, database, random, stop):
    """Until told to stop, kill a worker, then cut a connection to the database, in turn."""
    while not stop.wait(random.uniform(0.3, 1.2)):
        with suppress(psutil.NoSuchProcess, IndexError):
            random.choice(psutil.Process(serveur.pid).children()).kill()
        stop.wait(random.uniform(0.3, 1.2))
        database.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " ORDER BY random() LIMIT 1"
        )


def play(people, times, acts, trouble=None):
    """Everybody plays at once; `trouble(stop)` runs beside them until the last has ended."""
    stop = Event()
    beside = [Thread(target=trouble, args=[stop])] if trouble else []
    for thread in beside:
        thread.start()
    try:
        with ThreadPoolExecutor(len(people)) as pool:
            list(pool.map(lambda person: person.play(times, acts[type(person)]), people))
    finally:
        stop.set()
        for thread in beside:
            thread.join()


def check(lines, table):
    """What is wrong with the table, given all that was answered; nothing when all is well."""
    query = "SELECT jeton::text, salle_id, debut, fin, annule_le IS NULL FROM maisons_creneau"
    rows = table.execute(f"{query} JOIN maisons_reservation ON creneau_id = id").fetchall()
    kept = {jeton: rest for jeton, *rest in rows}
    ended = [line for line in lines if line["end"] in (OK, REFUSED)]
    gone = {line["jeton"] for line in ended if line["op"] == "cancel"}
    found = [f"{number} overlaps"] if (number := overlaps(table)) else []
    found += passed_closures(lines)
    for line in [line for line in ended if line["op"] == "book"]:
        row = kept.pop(line["jeton"], None)
        if line["end"] == REFUSED and row:
            found.append(f"refused and present: {line}")
        elif line["end"] == OK:
            found += missing(line, row, gone)
    return found + [f"asked by nobody: {jeton}" for jeton in kept]


def missing(line, row, gone):
    if row is None:
        return [f"acknowledged and missing: {line}"]
    room, debut, fin, holds = row
    day = date.fromisoformat(line["jour"])
    span = [starts_at(day, time.fromisoformat(line[name])) for name in ("de", "a")]
    if [room, debut, fin] != [line["room"], *span]:
        return [f"not as asked: {line}, {row}"]
    if holds == (line["jeton"] in gone):
        return [f"held or given back against what was told: {line}, {row}"]
    return []


def passed_closures(lines):
    """What was asked for after a closure was acknowledged, and granted inside it."""
    asked = {line["jeton"]: line["at"] for line in reversed(lines) if line["op"] == "book"}
    closed = [line for line in lines if line["op"] == "close" and line["end"] == OK]
    granted = [line for line in lines if line["op"] == "book" and line["end"] == OK]
    return [
        f"granted after a closure: {line}"
        for line in granted
        for closure in closed
        if (line["room"], line["jour"]) == (closure["room"], closure["jour"])
        and line["de"] < closure["a"]
        and closure["de"] < line["a"]
        and asked[line["jeton"]] > closure["at"]
    ]
