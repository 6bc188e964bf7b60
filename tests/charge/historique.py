"""
Mixed operations by several clients over HTTP, each written down before and after; then checked.

Every client writes what it asks and how it ended: ok, refused or unknown (the answer was lost).
Once all is quiet, what is unknown is settled: the same thing is asked again with the same token,
or its page is read. What is asked is drawn before anything is answered: one seed, one script.
"""

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from random import Random
from threading import Event, Lock, Thread
from time import monotonic, sleep
from uuid import UUID

import psutil

from tests.charge.clients import Resident, send

OK, REFUSED, UNKNOWN = "ok", "refused", "unknown"
LOST = (OSError, IndexError, ValueError, TypeError)  # a cut connection, half an answer
CUT = 0.05  # share of the answers that a client does not wait for
EVERY = 33  # operations between two faults: 30 of them in a thousand operations
DAYS = 70  # of the calendar, before it begins again
WEEKS = 3  # dates of a series
HOURS = [f"{half // 2:02}:{half % 2 * 30:02}" for half in range(28, 40)]  # 14:00 to 19:30
AGAIN = object()  # what is done without an answer
REQUESTS = "/gestion/maisons/reservation/repondre/"
POSTBOX = "SELECT secrets->>0 FROM notifications_message WHERE destinataire = %s"


@dataclass(frozen=True)
class Span:
    jour: str
    de: str
    a: str


@dataclass(frozen=True)
class Turn:
    """One operation of a script: all that is left to chance."""

    act: str
    span: Span
    room: int
    which: float  # of the bookings to act on
    jeton: str
    cut: float | None  # seconds after which the client is gone


def script(seed, times, acts, first):
    """The operations of one client; on one day at the same pace as the others, to be in the way."""
    random = Random(seed)
    names, weights = zip(*acts, strict=True)
    for number in range(times):
        day, start = first + timedelta(days=number % DAYS), random.randrange(8)
        end = start + random.randint(1, 4)
        yield Turn(
            act=random.choices(names, weights)[0],
            span=Span(day.isoformat(), HOURS[start], HOURS[end]),
            room=random.randrange(3),
            which=random.random(),
            jeton=str(UUID(int=random.getrandbits(128), version=4)),
            cut=random.choice([0.001, 0.01, 0.05]) if random.random() < CUT else None,
        )


@dataclass
class Journal:
    """One line for each operation that began, with its end."""

    path: Path
    begun: int = 0
    lock: Lock = field(default_factory=Lock)

    def write(self, **line):
        with self.lock, self.path.open("a") as file:
            self.begun += line["end"] == "invoke"
            file.write(json.dumps(line | {"at": monotonic()}) + "\n")

    def lines(self):
        return [json.loads(line) for line in self.path.read_text().splitlines()]


@dataclass
class Client:
    """Somebody at a browser, who writes down what they ask and what is answered."""

    port: int
    resident: Resident
    rooms: list  # (key, address, name)
    journal: Journal
    unsettled: list = field(default_factory=list)

    def play(self, turns):
        for turn in turns:
            getattr(self, turn.act)(turn)

    def ask(self, turn, line, raw, ended, later=AGAIN):
        """
        Send one request; `ended(answer)` says whether it was granted, and may read a page for it.

        Without an answer it is left for the end: sent again, or looked at by `later()`, if given.
        """
        self.journal.write(end="invoke", **line)
        if answer := self.answer(raw, turn.cut):
            self.end(line, ended(answer))
        else:
            self.journal.write(end=UNKNOWN, **line)
            if later is AGAIN:
                later = partial(self.again, raw, ended)
            self.unsettled.append((line, later))

    def answer(self, raw, cut):
        """What came back; None when the answer is lost, sometimes on purpose."""
        with suppress(*LOST):
            answer = send(self.port, raw, **({"timeout": cut} if cut else {}))
            return answer if answer.status < 500 and not cut else None
        return None

    def end(self, line, granted):
        self.journal.write(end=OK if granted else REFUSED, **line)

    def again(self, raw, ended):
        return ended(self.insist(raw))

    def settle(self):
        """Once nothing is under way any more: what became of the operations without an answer."""
        for line, later in self.unsettled:
            if later:
                self.end(line, later())
        self.unsettled.clear()

    def insist(self, raw):
        """Ask until somebody answers: workers come back."""
        for _ in range(100):
            with suppress(*LOST):
                answer = send(self.port, raw)
                if answer.status < 500:
                    return answer
            sleep(0.1)
        raise AssertionError("The portal does not answer any more.")


def pick(rows, turn):
    return rows[int(turn.which * len(rows))]


@dataclass
class Person(Client):
    """A client of the portal and the bookings that it knows to be its own."""

    mine: dict = field(default_factory=dict)  # key of a booking: its last line

    def book(self, turn):
        room, address, _ = self.rooms[turn.room]
        line = {"op": "book", "jeton": turn.jeton, "room": room} | asdict(turn.span)
        raw = self.resident.post(f"{address}reserver/", **wanted(turn))

        def ended(answer):
            if found := re.search(r"[Ll]ocation: /reservations/(\d+)/", answer.head):
                self.mine[int(found[1])] = line
            return found

        self.ask(turn, line, raw, ended)

    def move(self, turn):
        """To any span and room; its calendar entry then says where it is."""
        if not self.mine:
            return self.book(turn)
        key = pick(sorted(self.mine), turn)
        before, (room, _, name) = self.mine.pop(key), self.rooms[turn.room]
        line = {"op": "move", "jeton": before["jeton"], "room": room} | asdict(turn.span)
        line["was"] = [before[part] for part in ("room", "jour", "de", "a")]
        moment = " ".join(asdict(turn.span).values())
        raw = self.resident.post(f"/reservations/{key}/deplacer/", salle=room, moment=moment)

        def ended(answer):
            done = self.entry(key)["place"] == (name, turn.span)
            self.mine[key] = line if done else before
            return done

        return self.ask(turn, line, raw, ended)

    def cancel(self, turn):
        if not self.mine:
            return self.book(turn)
        key = pick(sorted(self.mine), turn)
        line = {"op": "cancel", "jeton": self.mine.pop(key)["jeton"]}
        raw = self.resident.post(f"/reservations/{key}/annuler/")
        return self.ask(turn, line, raw, lambda answer: self.entry(key)["cancelled"])

    def entry(self, key):
        """What the calendar entry of a booking says."""
        read = self.insist(self.resident.get(f"/reservations/{key}/calendrier/")).body
        [name] = re.findall(r"SUMMARY:(.+?)\\,", read)
        begins, ends = re.findall(r"DT(?:START|END);TZID=Europe/Paris:(\S+)", read)
        day, de = at(begins)
        return {"place": (name, Span(day, de, at(ends)[1])), "cancelled": "CANCELLED" in read}


def at(stamp):
    """« 20261125T140000 » as a day and an hour."""
    return date.fromisoformat(stamp[:8]).isoformat(), f"{stamp[9:11]}:{stamp[11:13]}"


def wanted(turn):
    kept = {"usage": "voisins", "personnes": 4, "etape": "confirmer", "jeton": turn.jeton}
    return asdict(turn.span) | kept


@dataclass
class Visitor(Client):
    """Many people without an account, each at a browser of their own."""

    letters: Callable = None  # (address) -> the code that was written to it
    held: list = field(default_factory=list)  # tokens of what is not confirmed

    def book(self, turn):
        room, address, _ = self.rooms[turn.room]
        line = {"op": "book", "jeton": turn.jeton, "room": room, "held": True} | asdict(turn.span)
        who = {"nom": "Camille", "courriel": mailbox(turn.jeton)}
        raw = browser(turn.jeton).post(f"{address}reserver/", **who, **wanted(turn))

        def ended(answer):
            if granted := "/reservations/attente/" in answer.head:
                self.held.append(turn.jeton)
            return granted

        self.ask(turn, line, raw, ended)

    def confirm(self, turn):
        """The page that the mailed link opens, and its button."""
        if not self.held:
            return self.book(turn)
        jeton = pick(self.held, turn)
        self.held.remove(jeton)
        path = f"/code/{self.letters(mailbox(jeton))}/confirmer/"
        line = {"op": "confirm", "jeton": jeton}
        raw = browser(jeton).post(path)
        return self.ask(turn, line, raw, lambda answer: answer.status == 302)


def mailbox(jeton):
    return f"{jeton}@rivemont.example"


def browser(jeton):
    """A browser that has opened a form of ours: any secret of 32 signs is one (CSRF)."""
    secret = UUID(jeton).hex
    return Resident(f"csrf={secret}", secret)


def postbox(table):
    """Read the letters where they wait to leave."""
    return lambda address: table.execute(POSTBOX, [address]).fetchone()[0]


@dataclass
class Desk(Client):
    """An agent of the house: answers what waits, closes rooms for a while, repeats events."""

    house: int = 0
    events: list = field(default_factory=list)  # keys of drafts, each repeated once
    waiting: list = field(default_factory=list)  # keys of requests, as last read

    def grant(self, turn):
        self.reply(turn, "accepter")

    def refuse(self, turn):
        self.reply(turn, "refuser", motif_refus="service", reponse="Désolés.")

    def reply(self, turn, what, **answer):
        """To several at once; the page then names those that it left alone."""
        if not self.waiting:
            self.read()
        first = int(turn.which * len(self.waiting))
        chosen = self.waiting[first : first + 3]
        if not chosen:
            return
        line = {"op": what, "keys": chosen}
        raw = self.resident.post(REQUESTS, demandes=chosen, reponse_a=what, **answer)
        self.ask(turn, line, raw, lambda _: "non traitée" not in self.read(), later=None)

    def read(self):
        body = self.insist(self.resident.get(REQUESTS)).body
        self.waiting = [int(key) for key in re.findall(r'name="demandes" value="(\d+)"', body)]
        return body

    def close(self, turn):
        room, day = self.rooms[turn.room][0], turn.span.jour
        line = {"op": "close", "room": room} | asdict(turn.span)
        typed = {"maison": self.house, "salle": room, "motif": "travaux"}
        typed |= {"debut": f"{day}T{turn.span.de}", "fin": f"{day}T{turn.span.a}"}
        raw = self.resident.post("/gestion/maisons/fermeture/add/", **typed)
        self.ask(turn, line, raw, lambda answer: answer.status == 302, later=None)

    def repeat(self, turn):
        """A draft, every week at one hour; its page then says whether it has a series."""
        event, room = self.events.pop(), self.rooms[turn.room][0]
        line = {"op": "repeat", "event": event, "room": room} | asdict(turn.span)
        first = date.fromisoformat(turn.span.jour)
        rule = {"premier": first, "dernier": first + timedelta(weeks=WEEKS - 1)}
        rule |= {"cadence": "semaine", "jours": [first.weekday()], "regime": "toujours"}
        rule |= {"de": turn.span.de, "a": turn.span.a, "jours_feries": "on"}
        rule |= {"portee": "salle", "salle": room}
        typed = {f"repeter-{name}": value for name, value in rule.items()}
        raw = self.resident.post(f"/gestion/maisons/serie/evenement/{event}/", faire=1, **typed)
        page = self.resident.get(f"/gestion/maisons/evenement/{event}/change/")

        def later():
            return re.search(r"/gestion/maisons/serie/\d+/", self.insist(page).body)

        self.ask(turn, line, raw, lambda answer: answer.status == 302, later)


def disturb(serveur, database, random, journal, stop):
    """Every so many operations, kill a worker or cut a connection to the database, in turn."""
    due = EVERY
    while not stop.wait(0.02):
        if journal.begun < due:
            continue
        due += EVERY
        if due // EVERY % 2:
            with suppress(psutil.NoSuchProcess, IndexError):
                random.choice(psutil.Process(serveur.pid).children()).kill()
        else:
            database.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " ORDER BY random() LIMIT 1"
            )


def play(scripts, trouble=None):
    """Everybody plays at once, [(client, turns)]; `trouble(stop)` runs until the last has ended."""
    stop = Event()
    beside = [Thread(target=trouble, args=[stop])] if trouble else []
    for thread in beside:
        thread.start()
    try:
        with ThreadPoolExecutor(len(scripts)) as pool:
            list(pool.map(lambda one: one[0].play(one[1]), scripts))
    finally:
        stop.set()
        for thread in beside:
            thread.join()
    for client, _ in scripts:
        client.settle()
