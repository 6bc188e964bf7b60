"""Typing mistakes: what somebody may have meant, in the words that the titles are made of."""

from difflib import SequenceMatcher

from django.contrib.postgres.lookups import TrigramWordSimilar
from django.db.models import F, TextField, Value

from portail.recherche import registry
from portail.recherche.synonymes import LINES, WORD, plain
from quartiers.models import SansAccents

CANDIDATES = 50  # titles looked at for each word and each kind of thing
SHORTEST, WORDS = 3, 4  # letters of a word (shorter ones are near to anything); words looked at
# How alike two words must be: « faire » is not « maire », « robotik » is « robotique ».
LONG, ALIKE, SHORT_ALIKE = 7, 0.75, 0.82
USUAL = {word for line in LINES for said in line for word in WORD.findall(said)}


def corrected(wanted):
    """What was typed, each word that no title has replaced by the nearest one; or nothing."""
    typed = [word for term in wanted.terms for words in term.typed for word in words.split()]
    words = [word for word in dict.fromkeys(typed) if len(word) >= SHORTEST][:WORDS]
    near = {word: nearest(word, known) for word, known in looking_like(words).items()}
    wrong = {word: right for word, right in near.items() if right}
    return WORD.sub(lambda word: wrong.get(word[0], word[0]), wanted.typed) if wrong else ""


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
    enough = ALIKE if len(bare) >= LONG else SHORT_ALIKE
    likeness, best = max(((alike(bare, plain(other)), other) for other in known), default=(0, ""))
    return best.lower() if enough <= likeness < 1 else ""


def alike(word, other):
    """From 0 to 1; the beginning of a word is quite like it."""
    ratio = SequenceMatcher(None, word, other).ratio()
    begun = len(word) > SHORTEST and other.startswith(word)
    return max(ratio, SHORT_ALIKE) if begun else ratio
