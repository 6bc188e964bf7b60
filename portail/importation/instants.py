"""Days, hours and opening hours as open data writes them."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from maisons.heures import starts_at
from portail.importation.rapport import Rejet
from portail.importation.texte import plain

MONTHS = [
    *["janvier", "fevrier", "mars", "avril", "mai", "juin"],
    *["juillet", "aout", "septembre", "octobre", "novembre", "decembre"],
]
NUMERIC = [
    re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})"),
    re.compile(r"(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>\d{4})"),
    re.compile(r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)"),
]
IN_WORDS = re.compile(rf"(?:[a-z]+ )?(\d{{1,2}})(?:er)? ({'|'.join(MONTHS)}) (\d{{4}})")
HOUR = re.compile(r"(\d{1,2})\s*(?:h|:)\s*(\d\d)?(?::\d\d(?:\.\d+)?)?\s*(?:mn|min)?")
ONE_HOUR = r"\d{1,2}\s*(?:h|:)\s*(?:\d\d)?"
OPENING = re.compile(rf"({ONE_HOUR})\s*(?:-|–|—|a|à)\s*({ONE_HOUR})")
CLOSED = {"ferme", "fermee", ""}
YEARS = range(1900, 2200)


@dataclass(frozen=True)
class Span:
    debut: datetime
    fin: datetime
    heure_connue: bool


def moment(text):
    """(day, hour or None), local; ValueError when it is no date that exists."""
    if "T" in text or re.search(r"\d[+Z]", text):
        parsed = parse_datetime(text)  # ValueError for the 30th of February
        if parsed:
            parsed = timezone.localtime(parsed) if parsed.tzinfo else parsed
            return checked(parsed.date()), parsed.time().replace(second=0, microsecond=0)
    text = plain(text).strip()
    for pattern in NUMERIC:
        if match := pattern.match(text):
            on = date(*(int(match[part]) for part in ("year", "month", "day")))
            return checked(on), hour(text[match.end() :].strip(" ,àat-"))
    if match := IN_WORDS.match(text):
        day, month, year = match.groups()
        return checked(date(int(year), MONTHS.index(month) + 1, int(day))), None
    raise ValueError(text)


def checked(on):
    if on.year not in YEARS:
        raise ValueError(on)
    return on


def hour(text):
    """The hour of « 18:30 », « 18h30 », « 18 h »; None for free text."""
    match = HOUR.fullmatch(plain(text).strip())
    if not match:
        return None
    hours, minutes = int(match[1]), int(match[2] or 0)
    return time(hours, minutes) if hours < 24 and minutes < 60 else None


def opening_hours(text):
    """[(opens, closes)] of « 8:30 - 12:00 / 13h30-17h »; ValueError when it says otherwise."""
    text = plain(text).strip()
    if text in CLOSED:
        return []
    spans = [(hour(opens), hour(closes)) for opens, closes in OPENING.findall(text)]
    rest = re.sub(r"[\s/,;&.]|et|de", "", OPENING.sub("", text))
    right = all(None not in span and span[0] < span[1] for span in spans)
    apart = all(before[1] <= after[0] for before, after in zip(spans, spans[1:], strict=False))
    if rest or not spans or not right or not apart:
        raise ValueError(text)
    return spans


def day_of(text, name):
    try:
        return moment(text)
    except ValueError:
        raise Rejet(f"{name} « {text} » n’est pas une date") from None


def span(fiche):
    """
    The span of an event: days without hours end at the midnight after the last one.

    Reads `debut`, `fin`, `heure_debut`, `heure_fin` and `duree` (minutes); raises Rejet.
    """
    if not fiche.text("debut"):
        raise Rejet("la date de début manque")
    first, opens = day_of(fiche.text("debut"), "le début")
    last, closes = day_of(fiche.text("fin"), "la fin") if fiche.text("fin") else (first, None)
    if last < first:
        raise Rejet(f"la fin ({last:%d/%m/%Y}) est avant le début ({first:%d/%m/%Y})")
    opens = hour(fiche.text("heure_debut")) or opens
    closes = hour(fiche.text("heure_fin")) or closes
    if opens == closes == time.min:  # midnight to midnight: the file only knows days
        opens = closes = None
    minutes = fiche.text("duree")
    if opens and closes is None and last == first and minutes.isdigit() and int(minutes):
        debut = starts_at(first, opens)
        return Span(debut, debut + timedelta(minutes=int(minutes)), True)
    if opens is None or closes is None:
        return Span(starts_at(first), starts_at(last + timedelta(days=1)), False)
    if last == first and closes <= opens and not fiche.text("fin"):
        last += timedelta(days=1)  # 22 h – 2 h
    debut, fin = starts_at(first, opens), starts_at(last, closes)
    if fin <= debut:
        raise Rejet(f"la fin ({closes:%H:%M}) est avant le début ({opens:%H:%M})")
    return Span(debut, fin, True)
