"""
Codes that open one thing without an account: 12 signs in three groups of four, 59 bits.

A row keeps a random seed and the HMAC of its code, by which it is found. The code itself is made
from the seed with the server's key, so that a lost card can be printed again, while nothing that
is stored opens anything alone. A new seed makes a new code and ends the old one at once.
"""

import re
import unicodedata
from functools import cache

from django.utils.crypto import salted_hmac
from django.utils.module_loading import import_string

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without 0 O 1 I L (parcours B14)
LENGTH, GROUP = 12, 4
SIX_DIGITS = 10**6
SIGNS = f"([{ALPHABET}]{{{GROUP}}})"
# As it is printed, looked for from each sign: a field of one line glues the next word to it.
PRINTED = re.compile(f"(?={'[^A-Z0-9]{1,3}'.join([SIGNS] * 3)})")
LONGEST_TEXT, MOST_CANDIDATES = 5000, 50


def number(purpose, seed):
    """A number of 256 bits that only the server's key can tell from the seed."""
    digest = salted_hmac(f"comptes.codes.{purpose}", str(seed), algorithm="sha256").digest()
    return int.from_bytes(digest)


def make_code(seed) -> str:
    """« K7M3TPXQ9WQF »: the signs alone, as they are compared."""
    value, signs = number("code", seed), ""
    for _ in range(LENGTH):
        value, rank = divmod(value, len(ALPHABET))
        signs += ALPHABET[rank]
    return signs


def make_six_digits(seed) -> str:
    """The short code that confirms beside a mailed link; its tries are counted by who asks."""
    return f"{number('six', seed) % SIX_DIGITS:06}"


def digest(code) -> bytes:
    return salted_hmac("comptes.codes.empreinte", code, algorithm="sha256").digest()


def grouped(code) -> str:
    """« K7M3-TPXQ-9WQF », as it is shown and printed."""
    return "-".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def candidates(text) -> list[str]:
    """
    The codes that a text may hold, the likeliest first: in any case, with any separators.

    A code may be cut into any pieces, in a whole sentence too; a run of words that happens to
    have twelve signs of the alphabet is one more candidate, which opens nothing.
    """
    plain = unicodedata.normalize("NFKC", text[:LONGEST_TEXT]).upper()
    found = ["".join(groups) for groups in PRINTED.findall(plain)]
    words = re.findall("[A-Z0-9]+", plain)
    for start in range(len(words)):
        signs = ""
        for word in words[start : start + LENGTH]:
            signs += word
            if len(signs) >= LENGTH:
                break
        if len(signs) == LENGTH and set(signs) <= set(ALPHABET):
            found.append(signs)
    return list(dict.fromkeys(found))[:MOST_CANDIDATES]


# What codes open, by dotted path: each domain registers its own in `AppConfig.ready()`.
paths = []


def register(path):
    """A class with `model`, an AvecCode, and `show(request, row, acte)`, which answers a page."""
    paths.append(path)


@cache
def registry():
    return [import_string(path)() for path in paths]


def find(text):
    """(what opens it, the row) of the first live code of a text, or None; one query a kind."""
    prints = [digest(code) for code in candidates(text)]
    found = {
        bytes(row.empreinte): (access, row)
        for access in registry()
        for row in access.model.objects.filter(empreinte__in=prints)
    }
    return next((found[each] for each in prints if each in found), None)
