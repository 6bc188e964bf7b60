"""
G2: appointments taken, confirmed, moved, cancelled, forgotten, their dates changed meanwhile, in
sequences drawn at random: after each act the database says what a small model says, and people
were told what it tells them.

A failure prints its acts. Always the same lives, unless GRAINE= gives others; COMPLET=1: 10 000.
"""

import os
from collections import Counter
from itertools import product
from random import Random

import pytest

from tests.permanences.suites import Scene, Sequence

pytestmark = pytest.mark.django_db(transaction=True)
SEQUENCES = int(os.environ.get("SUITES", 10_000 if os.environ.get("COMPLET") else 25))
SEED = int(os.environ.get("GRAINE", "1"))


def test_random_lives_of_appointments_are_those_of_the_model(time_machine):
    time_machine.move_to(Scene.now, tick=False)
    scene, outcomes = Scene(), Counter()

    for rank in range(SEQUENCES):
        sequence = Sequence(scene, Random(f"{SEED} {rank}"), time_machine.move_to)
        try:
            sequence.play()
        except BaseException:
            print(f"GRAINE={SEED}, sequence {rank}:", *sequence.acts, sep="\n")
            raise
        outcomes += sequence.outcomes

    print(f"GRAINE={SEED}: {SEQUENCES} sequences, {outcomes.total()} acts, {dict(outcomes)}")
    assert min(outcomes[act] for act in product(["take", "move", "note"], [True, False])) > 0
