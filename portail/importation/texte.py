"""Text of open-data files made fit to be read: entities, apostrophes, capitals, length."""

import html
import re
import textwrap
import unicodedata

LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE"})
INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
LINE_TAG = re.compile(r"<(?:br|/p|/div|/li|/h\d)\b[^<>]*>", re.IGNORECASE)
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
CUT = re.compile(r"\s*(?:\(\s*(?:\.{3}|…)\s*\)|\[\s*(?:\.{3}|…)\s*\])\s*$")
APOSTROPHE = re.compile(r"(?<=\w)['´`](?=\w)")
WORD = re.compile(r"[^\W\d_]+")
SMALL_WORDS = {"a", "à", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les"}
SMALL_WORDS |= {"lès", "ou", "par", "pour", "sous", "sur"}
ROMAN = re.compile(r"[IVX]{2,}")


def plain(text):
    """Without accents nor ligatures, in lower case."""
    letters = unicodedata.normalize("NFKD", text.translate(LIGATURES))
    return "".join(c for c in letters if not unicodedata.combining(c)).casefold()


def key(text):
    """What two writings of one name share: « M.P.T. L’Été » and « MPT l'ete »."""
    return "".join(c for c in plain(text) if c.isalnum())


def loose(text):
    """One writing for accents, capitals and spaces; signs count: QUARTIER and QUARTIER_ are two."""
    return " ".join(plain(text).split())


def clean(text):
    """Decode HTML, drop what is invisible, end a cut text with an ellipsis; lines are kept."""
    text = html.unescape(text) if "&" in text else text
    text = LINE_TAG.sub("\n", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = INVISIBLE.sub("", TAG.sub("", text))
    lines = (re.sub(r"[ \t]+", " ", line).strip(" \t") for line in text.strip().split("\n"))
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
    return APOSTROPHE.sub("’", CUT.sub("…", text))


def one_line(text):
    return re.sub(r"\s*\n\s*", " ", text).strip()


def shorten(text, limit):
    """At most `limit` signs, cut between two words."""
    if len(text) <= limit:
        return text
    short = textwrap.shorten(text, limit, placeholder="…")
    return short if len(short) > 1 else text[: limit - 1] + "…"


def proper_case(text):
    """« LES CÔTES D'ARGENT » becomes « Les Côtes d'Argent »; a text with small letters stays."""
    if text != text.upper():
        return text

    def word(match):
        letters = match.group()
        if match.start() and letters.casefold() in SMALL_WORDS:
            return letters.lower()
        return letters if ROMAN.fullmatch(letters) else letters.capitalize()

    return WORD.sub(word, text)
