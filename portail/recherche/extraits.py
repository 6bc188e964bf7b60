"""The passage of a text that holds the words looked for, marked."""

import re

from django.contrib.postgres.search import SearchHeadline
from django.db.models.functions import Left
from django.utils.html import escape
from django.utils.safestring import mark_safe

from portail.recherche.mots import CONFIG

READ = 5_000  # signs of a text in which a passage is looked for
# Signs that nobody types: what PostgreSQL marks is made HTML after the text is escaped.
BEGIN, END = "\ue000", "\ue001"
MARKED = re.compile(f"{BEGIN}([^{BEGIN}{END}]*){END}")
MARKDOWN = re.compile(r"\*\*|^\s*(?:[-*>]|#+)\s+|\]\([^)]*\)|\[", re.MULTILINE)


def extracts(wanted, sentence, text=""):
    """
    Annotations for `passage()`: a sentence whole, and the passage of a longer text.

    PostgreSQL makes them for the rows shown alone, after the LIMIT.
    """
    marks = {"config": CONFIG, "start_sel": BEGIN, "stop_sel": END}
    found = {"phrase": SearchHeadline(sentence, wanted.any, highlight_all=True, **marks)}
    if text:
        around = {"max_fragments": 1, "min_words": 10, "max_words": 25}
        found["extrait"] = SearchHeadline(Left(text, READ), wanted.any, **marks, **around)
    return found


def passage(row):
    """HTML, escaped but for <mark>: the sentence; when only the text has the words, from it."""
    extrait = getattr(row, "extrait", "")
    if row.phrase and (BEGIN in row.phrase or BEGIN not in extrait):
        return marked(row.phrase)
    return mark_safe(f"… {marked(extrait)} …") if extrait else ""


def marked(text):
    escaped = str(escape(MARKDOWN.sub("", text).strip()))
    html = MARKED.sub(r"<mark>\1</mark>", escaped)
    return mark_safe(re.sub(f"[{BEGIN}{END}]", "", html))
