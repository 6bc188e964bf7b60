"""
Random sequences of what people and volunteers do, against a small model in Python (G2).

A failure prints its acts and its seed. Always the same lives, unless GRAINE= gives the first seed;
SUITES= says how many, COMPLET=1: 10 000.
"""

import os
from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction

from associations import activites, inscriptions
from associations.models import Dossier, Inscription
from tests.factories import ActiviteFactory, SeanceFactory

pytestmark = pytest.mark.django_db
SEQUENCES = int(os.environ.get("SUITES", 10_000 if os.environ.get("COMPLET") else 25))
FIRST = int(os.environ.get("GRAINE", "0"))
STEPS = 14
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOLDING = ("a_confirmer", "inscrite", "proposee")


class Model:
    """Lines of [state, place, until], in the order in which they came, and the waiting list."""

    def __init__(self, places):
        self.places, self.now, self.lines, self.queue = places, START, [], []

    def states(self):
        rank = {line: number for number, line in enumerate(self.queue, 1)}
        return [
            (line, state, place, rank.get(line))
            for line, (state, place, _) in enumerate(self.lines)
            if state != "over"
        ]

    def held(self):
        return sorted(line[1] for line in self.lines if line[1])

    def free(self):
        return [n for n in range(1, self.places + 1) if n not in self.held()]

    def join(self, proved):
        until = None if proved else self.now + timedelta(hours=2)
        if free := self.free():
            self.lines.append(["inscrite" if proved else "a_confirmer", free[0], until])
        else:
            self.queue.append(len(self.lines))
            self.lines.append(["attente", None, until])

    def end(self, line):
        self.lines[line] = ["over", None, None]
        if line in self.queue:
            self.queue.remove(line)

    def settle(self):
        for number in self.free():
            if self.queue:
                line = self.queue.pop(0)
                self.lines[line] = ["proposee", number, self.now + timedelta(hours=48)]

    def leave(self, line):
        self.end(line)
        self.settle()

    def accept(self, line):
        if self.lines[line][0] != "proposee":
            return False
        self.lines[line] = ["inscrite", self.lines[line][1], None]
        return True

    def confirm(self, line):
        state, place, until = self.lines[line]
        if state in ("a_confirmer", "attente"):
            self.lines[line] = ["inscrite" if place else "attente", place, None]

    def wait(self, hours):
        self.now += timedelta(hours=hours)
        for line, (_, _, until) in enumerate(self.lines):
            if until and until <= self.now:
                self.end(line)
        self.settle()

    def resize(self, places):
        held = self.held()
        if len(held) > places:
            return False
        for line in self.lines:
            line[1] = held.index(line[1]) + 1 if line[1] else None
        self.places = places
        self.settle()
        return True

    def stop(self):
        self.lines, self.queue = [["over", None, None] for _ in self.lines], []


class Play:
    """The same acts, done by the portal and by the model; what they hold is compared each time."""

    def __init__(self, activite, seed, clock):
        self.random, self.clock, self.keys, self.done = Random(seed), clock, [], []
        self.activite, self.model = activite, Model(activite.places)
        self.acts = ["join"] * 8 + ["leave"] * 4 + ["accept", "confirm", "wait"] * 2 + ["resize"]

    def run(self):
        for _ in range(STEPS):
            act = self.random.choice(self.acts)
            self.play(act)
        if self.random.random() < 0.1:
            self.play("stop")

    def play(self, act):
        self.done.append(act)
        getattr(self, act)()
        self.compare(act)

    def some(self, wanted=""):
        """One of those alive, in the state wanted if any is, or None."""
        alive = self.model.states()
        alive = [one for one in alive if one[1] == wanted] or alive
        return self.random.choice(alive)[0] if alive else None

    def row(self, line):
        return Inscription.objects.get(pk=self.keys[line])

    def join(self):
        number, proved = len(self.keys), self.random.random() < 0.7
        reached = {"telephone": f"+336123{number:05}"}
        if not proved:
            reached = {"courriel": f"p{number}@rivemont.example"}
        row = Inscription(activite=self.activite)
        inscriptions.register(Dossier(nom=f"P{number}", **reached), [row], quiet=True)
        self.keys.append(row.pk)
        self.model.join(proved)

    def leave(self):
        if (line := self.some()) is not None:
            inscriptions.leave(self.row(line), quiet=True)
            self.model.leave(line)

    def accept(self):
        if (line := self.some("proposee")) is None:
            return
        offered = self.model.accept(line)
        try:
            inscriptions.accept(self.row(line))
            assert offered
        except ValidationError:
            assert not offered

    def confirm(self):
        line = self.some()
        if line is not None and not (dossier := self.row(line).dossier).prouve_le:
            inscriptions.confirm(dossier)
            self.model.confirm(line)

    def wait(self):
        hours = self.random.choice([1, 3, 47, 49, 49])
        self.clock.shift(timedelta(hours=hours))
        inscriptions.release_expired()
        self.model.wait(hours)

    def resize(self):
        places = self.random.randint(1, 4)
        taken = self.model.resize(places)
        try:
            inscriptions.change_places(self.activite, places)
            assert taken
        except ValidationError:
            assert not taken

    def stop(self):
        activites.stop(self.activite)
        self.model.stop()

    def compare(self, act):
        rows = Inscription.objects.filter(pk__in=self.keys).alive().order_by("pk")
        found = [(self.keys.index(r.pk), r.etat, r.place, r.rang) for r in rows]
        assert found == self.model.states(), act
        held = [place for _, state, place, _ in found if state in HOLDING]
        assert len(set(held)) == len(held) <= self.model.places


def test_whatever_people_do_places_and_ranks_are_those_of_the_model():
    with time_machine.travel(START, tick=False):
        activite = ActiviteFactory(publie=True, places=1)
        SeanceFactory(activite=activite, debut=START + timedelta(days=190))

    acts = Counter()
    for seed in range(FIRST, FIRST + SEQUENCES):
        with time_machine.travel(START, tick=False) as clock, transaction.atomic():
            activite.refresh_from_db()
            play = Play(activite, seed, clock)
            try:
                play.run()
            except BaseException:
                print(f"GRAINE={seed} SUITES=1:", *play.done)
                raise
            transaction.set_rollback(True)
        acts.update(play.done)

    print(f"GRAINE={FIRST}: {SEQUENCES} sequences, {acts.total()} acts, {dict(acts)}")


@pytest.mark.parametrize("fault", ["settle", "end"])
def test_a_model_that_forgets_a_rule_is_caught(monkeypatch, fault):
    """Control: of the model, not of our code."""
    monkeypatch.setattr(Model, fault, lambda self, *line: None)

    with pytest.raises(AssertionError):
        test_whatever_people_do_places_and_ranks_are_those_of_the_model()
