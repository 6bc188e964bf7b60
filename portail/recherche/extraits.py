"""The passage of a text that holds the words looked for, marked."""

import re

from django.contrib.postgres.search import SearchHeadline
from django.db.models import F, TextField, Value
from django.db.models.functions import Concat, Left
from django.utils.html import escape
from django.utils.safestring import mark_safe

from portail.recherche.mots import CONFIG

READ = 5_000  # signs of a text in which a passage is looked for
# Signs that nobody types: what PostgreSQL marks is made HTML after the text is escaped.
BEGIN, END = "\ue000", "\ue001"
MARKED = re.compile(f"{BEGIN}([^{BEGIN}{END}]*){END}")
MARKDOWN = re.compile(r"\*\*|^\s*(?:[-*>]|#+)\s+|\]\([^)]*\)|\[", re.MULTILINE)


def extract(wanted, *fields):
    """An annotation for `passage()`; PostgreSQL makes it for the rows shown, after the LIMIT."""
    text = F(fields[0])
    if len(fields) > 1:
        parts = [part for field in fields for part in (F(field), Value(" "))]
        text = Concat(*parts[:-1], output_field=TextField())
    return SearchHeadline(
        Left(text, READ),
        wanted.any,
        config=CONFIG,
        start_sel=BEGIN,
        stop_sel=END,
        min_words=14,
        max_words=28,
    )


def passage(extrait):
    """HTML: the words that were found in <mark>, the rest escaped."""
    text = MARKDOWN.sub("", extrait).strip()
    marked = MARKED.sub(r"<mark>\1</mark>", str(escape(text)))
    return mark_safe(re.sub(f"[{BEGIN}{END}]", "", marked))
