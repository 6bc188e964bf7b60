"""Dates and hours in words, the way people read them: « mardi 24 novembre, 14 h 30 »."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from comptes.gestion import CALENDAR

NBSP = "\u00a0"
WEEKDAYS = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]
MONTHS = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre"]
MONTHS += ["octobre", "novembre", "décembre"]


def local(moment):
    """In the city's time, whatever zone a page may have asked for; a day or an hour as it is."""
    zone = timezone.get_default_timezone()
    return moment.astimezone(zone) if isinstance(moment, datetime) else moment


def today() -> date:
    return local(timezone.now()).date()


def iso(moment: datetime | date) -> str:
    """For the `datetime` of a `<time>`: 2026-11-24T14:30+01:00, or the day alone."""
    moment = local(moment)
    return moment.isoformat("T", "minutes") if isinstance(moment, datetime) else moment.isoformat()


def hour(moment: datetime | time) -> str:
    """9 h, 14 h 30 (no-break spaces)."""
    moment = local(moment)
    minutes = f"{NBSP}{moment.minute:02}" if moment.minute else ""
    return f"{moment.hour}{NBSP}h{minutes}"


def day(moment: datetime | date) -> str:
    """Mardi 24 novembre; with the year when it is not this one; 1er."""
    moment = local(moment)
    rank = "1er" if moment.day == 1 else str(moment.day)
    return f"{WEEKDAYS[moment.weekday()]} {rank} {month(moment)}"


def dated(moment: datetime | date) -> str:
    """« mardi 24 novembre 2026 », on what is kept for years: the year is always told."""
    moment = local(moment)
    told = day(moment)
    return told if told.endswith(f" {moment.year}") else f"{told} {moment.year}"


def dated_span(debut: datetime, fin: datetime) -> str:
    """« mardi 24 novembre 2026, de 14 h à 16 h »: as `span`, the year always told."""
    first, last = local(debut), local(fin)
    if first.date() == last.date():
        return f"{dated(first)}, de {hour(first)} à {hour(last)}"
    return f"du {dated(first)}, {hour(first)}, au {dated(last)}, {hour(last)}"


def moment(at: datetime) -> str:
    """« mardi 24 novembre, 14 h 30 »."""
    return f"{day(at)}, {hour(at)}"


def month(on: date) -> str:
    """« décembre », with the year when it is not this one."""
    year = "" if on.year == today().year else f" {on.year}"
    return MONTHS[on.month - 1] + year


def in_calendar(on: date) -> bool:
    """Whether a window of days can be counted from it; other years are typing mistakes."""
    return on.year in CALENDAR


def short_day(moment: datetime | date) -> str:
    """« 24 novembre », without the weekday; the year when it is not this one."""
    return day(moment).split(" ", 1)[1]


def brief_day(moment: datetime | date) -> str:
    """« mardi 24 »: where the month stands beside it."""
    return " ".join(day(moment).split(" ")[:2])


def week(days: list[date]) -> str:
    """« du mardi 24 au dimanche 29 novembre », or « du lundi 30 novembre au … »; one day alone."""
    first, last = days[0], days[-1]
    if first == last:
        return f"du {day(first)}"
    same_month = (first.year, first.month) == (last.year, last.month)
    return f"du {brief_day(first) if same_month else day(first)} au {day(last)}"


def hours(debut: datetime, fin: datetime) -> str:
    """« 14 h – 16 h 30 »."""
    return f"{hour(debut)} – {hour(fin)}"


def near(on: date) -> str:
    """« aujourd’hui », « demain », or nothing: only ever beside the date itself."""
    return {0: "aujourd’hui", 1: "demain"}.get((on - today()).days, "")


def span(debut: datetime, fin: datetime) -> str:
    """« mardi 24 novembre, de 14 h à 16 h », or over two days when it ends on another."""
    first, last = local(debut), local(fin)
    if first.time() == last.time() == time.min:
        return days(debut, fin)
    if first.date() == last.date():
        return f"{day(first)}, de {hour(first)} à {hour(last)}"
    return f"du {day(first)}, {hour(first)}, au {day(last)}, {hour(last)}"


def days(debut: datetime, fin: datetime) -> str:
    """A span without hours, in whole days: « du samedi 1er au dimanche 2 octobre »."""
    first, last = local(debut).date(), (local(fin) - timedelta(seconds=1)).date()
    return day(first) if first == last else f"du {day(first)} au {day(last)}"


def length(duration: timedelta) -> str:
    """« 2 heures », « 1 h 30 », « 45 minutes », « 3 jours »."""
    minutes = round(duration.total_seconds() / 60)
    whole_days, hours = divmod(minutes // 60, 24)
    if minutes % 1440 == 0 and whole_days:
        return f"{whole_days} jour{'s' * (whole_days > 1)}"
    if minutes % 60 == 0:
        hours = minutes // 60
        return f"{hours} heure{'s' * (hours > 1)}"
    if minutes < 60:
        return f"{minutes} minutes"
    return f"{minutes // 60}{NBSP}h{NBSP}{minutes % 60:02}"


def left(until: datetime) -> str:
    """The time that is left until an instant, rounded down: « 3 jours », « 36 heures »."""
    minutes = int((until - timezone.now()).total_seconds()) // 60
    if minutes < 1:
        return "moins d’une minute"
    unit, words = (1, "minute") if minutes < 60 else (60, "heure")
    unit, words = (unit, words) if minutes < 2880 else (1440, "jour")
    return f"{minutes // unit} {words}{'s' * (minutes >= 2 * unit)}"


def starts_at(on: date, at: time = time.min) -> datetime:
    """The instant of a local hour; the first of the two on the night when it comes twice."""
    return timezone.make_aware(datetime.combine(on, at))
