"""Typing mistakes: what somebody may have meant, in the words that the titles are made of."""

from difflib import SequenceMatcher

from django.contrib.postgres.lookups import TrigramWordSimilar
from django.db.models import F, TextField, Value

from portail.recherche import registry
from portail.recherche.synonymes import TABLE, WORD, plain
from quartiers.models import SansAccents

CANDIDATES = 20  # titles looked at for each word and each kind of thing
SHORTEST, WORDS = 3, 4  # letters of a word (shorter ones are near to anything); words looked at
ALIKE = 0.7
USUAL = {word for key in TABLE for word in key}


def corrections(wanted):
    """{word typed: the nearest known one}, for the words that no title has."""
    typed = [word for term in wanted.terms for word in WORD.findall(term.typed)]
    words = [word for word in dict.fromkeys(typed) if len(word) >= SHORTEST][:WORDS]
    near = {word: nearest(word, known) for word, known in looking_like(words).items()}
    return {word: right for word, right in near.items() if right}


def looking_like(words):
    """{word: those of the titles that may be meant}; one statement for all."""
    found = {word: set(USUAL) for word in words}
    kinds = [kind for kind in registry().values() if not kind.spare_for]
    asked = [titles_like(kind, word) for kind in kinds for word in words]
    for word, title in asked[0].union(*asked[1:], all=True) if asked else []:
        found[word].update(WORD.findall(title))
    return found


def titles_like(kind, word):
    alike = TrigramWordSimilar(SansAccents(kind.title), SansAccents(Value(word)))
    rows = kind.rows().filter(alike).order_by()
    rows = rows.annotate(mot=Value(word, TextField()), intitule=F(kind.title))
    return rows.values_list("mot", "intitule")[:CANDIDATES]


def nearest(word, known):
    """The one most like it; none when it is known itself, or nothing is near enough."""
    bare = plain(word)
    likeness, best = max(((alike(bare, plain(other)), other) for other in known), default=(0, ""))
    return best.lower() if ALIKE <= likeness < 1 else ""


def alike(word, other):
    """From 0 to 1; the beginning of a word is quite like it."""
    ratio = SequenceMatcher(None, word, other).ratio()
    begun = len(word) > SHORTEST and other.startswith(word)
    return max(ratio, ALIKE) if begun else ratio
