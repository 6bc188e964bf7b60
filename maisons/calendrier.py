"""
What the calendar says of a local day: public holidays, and school holidays of a zone.

School holidays are known until the end of the last school year that is published; after it, and
for a city without a zone (overseas, Corsica), nobody knows, which is not « no holiday ».
"""

from datetime import date, timedelta
from functools import cache, lru_cache

from holidays import country_holidays
from vacances_scolaires_france import SchoolHolidayDates

from maisons.models import DateEcartee, Serie

Cause, Regime = DateEcartee.Cause, Serie.Regime
ALSACE_MOSELLE = "57"  # Good Friday and Saint Stephen's day, in its three departments alike


@cache
def public_holidays(year: int, alsace_moselle: bool) -> dict[date, str]:
    subdivision = ALSACE_MOSELLE if alsace_moselle else None
    found = country_holidays("FR", subdiv=subdivision, years=year, language="fr")
    return {day: name.replace("'", "’").replace("; ", " et ") for day, name in found.items()}


@cache
def school_holidays(zone: str) -> dict[date, str]:
    """Each day of the holidays of a zone, with the name of the period."""
    calendar = SchoolHolidayDates()
    return {
        day: row["nom_vacances"][0].lower() + row["nom_vacances"][1:].replace("'", "’")
        for day, row in calendar.data.items()
        if row[calendar.zone_key(zone)]
    }


def public_holiday(day: date, alsace_moselle: bool = False) -> str:
    """Its name, or nothing."""
    return public_holidays(day.year, alsace_moselle).get(day, "")


def school_holiday(day: date, zone: str) -> str:
    """The name of the period, its first and last day included, or nothing."""
    return school_holidays(zone).get(day, "")


@lru_cache(maxsize=1)
def next_school_holidays(day: date, zone: str) -> tuple[str, date, date] | None:
    """The period that goes on or comes next: its name, first and last day; None if unknown."""
    days = sorted(known for known in school_holidays(zone) if known >= day) if zone else []
    if not days:
        return None
    name, last = school_holidays(zone)[days[0]], days[0]
    while school_holidays(zone).get(last + timedelta(days=1)) == name:
        last += timedelta(days=1)
    return name, days[0], last


def is_published(day: date, zone: str) -> bool:
    """Whether anybody knows if that day is one of school holidays."""
    return bool(zone) and min(school_holidays(zone)) <= day <= max(school_holidays(zone))


def left_out(day, regime, jours_feries, ville):
    """(cause, sentence) of a day on which a series of that regime has no date, or None."""
    name = public_holiday(day, ville.alsace_moselle)
    if name and not jours_feries:
        return Cause.FERIE, f"jour férié : {name}"
    if regime == Regime.TOUJOURS:
        return None
    if not ville.zone_scolaire:
        return Cause.CALENDRIER, "la zone scolaire de la ville n’est pas renseignée"
    if not is_published(day, ville.zone_scolaire):
        return Cause.CALENDRIER, Cause.CALENDRIER.label
    period = school_holiday(day, ville.zone_scolaire)
    if regime == Regime.HORS_VACANCES and period:
        return Cause.VACANCES, period
    if regime == Regime.VACANCES and not period:
        return Cause.HORS_VACANCES, Cause.HORS_VACANCES.label
    return None
