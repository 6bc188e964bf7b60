"""Codes guessed at random against live ones, through the lookup of the portal."""

import random
import secrets
import time
from contextlib import contextmanager
from uuid import uuid4

from django.db import connection

from comptes import codes
from comptes.models import AvecCode
from portail.copie import copy

BATCH = codes.MOST_CANDIDATES  # as many as one paste may try
PATH = "tests.charge.cartes.CarteAccess"
FEW_SIGNS = "234"  # twelve of these are 19 bits: guesses must find some


class Carte(AvecCode):
    """The least thing that a code opens; its table lives as long as `cards()`."""

    class Meta:
        app_label = "tests"

    def __str__(self):
        return self.code


class CarteAccess:
    model = Carte


@contextmanager
def cards():
    """A kind of thing more, in a database of tests or thrown away."""
    with connection.schema_editor() as editor:
        editor.create_model(Carte)
    codes.register(PATH)
    codes.registry.cache_clear()
    try:
        yield
    finally:
        codes.paths.remove(PATH)
        codes.registry.cache_clear()
        with connection.schema_editor() as editor:
            editor.delete_model(Carte)


def guess(live, tries, seed, alphabet=codes.ALPHABET):
    """How many pastes of random codes open one of so many random live ones."""
    chance = random.Random(seed)

    def code():
        return "".join(chance.choices(alphabet, k=codes.LENGTH))

    prints = {codes.digest(code()) for _ in range(live)}
    copy(Carte, ["graine", "empreinte"], ((uuid4(), each) for each in prints))
    pastes = (" ".join(code() for _ in range(BATCH)) for _ in range(tries // BATCH))
    return sum(codes.find(paste) is not None for paste in pastes)


def guesses(live=50_000, tries=1_000_000):
    """What a million guesses find, as lines in French."""
    seed, begun = secrets.randbits(32), time.perf_counter()
    with cards():
        hits = guess(live, tries, seed)
    seconds = time.perf_counter() - begun
    with cards():
        control = guess(live // 10, tries // 10, seed, FEW_SIGNS)
    assert control
    return [
        "",
        f"{tries} codes essayés au hasard contre {live} codes valables (graine {seed}) : {hits} "
        f"ouvert, en {seconds:.0f} s. Témoin : {tries // 10} codes de 19 bits contre {live // 10} "
        f"en ouvrent {control}.",
    ]
