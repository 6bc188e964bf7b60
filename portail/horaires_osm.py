"""
Hours as OpenStreetMap writes them (`opening_hours`): what comes back, then the days that differ.

A string has no end, and one answer for all holidays: what begins or ends within the weeks that we
tell, comes every second week, or during school holidays only, is told day by day.
"""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from itertools import groupby

from maisons import calendrier
from maisons.models import Serie
from maisons.rythmes import MONTHLY, Cadence, Rythme

TOLD = timedelta(days=60)
DAYS = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
MIDNIGHT = time()


def of_house(horaires):
    """Of the opening hours of a house."""
    spans = defaultdict(list)
    for horaire in horaires:
        spans[horaire.jour].append((horaire.ouvre, horaire.ferme))
    return "; ".join(by_weekday(spans))


def of_dates(series, spans, first, ville):
    """Of series, and of the local spans of the dates that are held, by day, from one day on."""
    last = first + TOLD
    kept = regular([serie for serie in series if serie.premier <= first <= last <= serie.dernier])
    rules = ["; ".join(told(kept))] if kept else []
    if kept and not kept[0].jours_feries:
        rules.append("PH off")
    if kept and kept[0].regime == Serie.Regime.HORS_VACANCES:
        rules.append("SH off")
    usual = expected(kept, first, last, ville)
    for number in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(number)
        held = sorted(spans.get(day, []))
        if held != sorted(usual[day]):
            rules.append(f"{day.year} {MONTHS[day.month - 1]} {day.day:02} {hours(held) or 'off'}")
    return "; ".join(rules)


def regular(series):
    """The largest group that one string tells, with one answer for the holidays."""
    ours = [serie for serie in series if Rythme.parse(serie.regle).cadence != Cadence.QUINZAINE]
    ours = [serie for serie in ours if serie.regime != Serie.Regime.VACANCES]
    ours.sort(key=terms)
    groups = [list(group) for _, group in groupby(ours, key=terms)]
    return max(groups, key=len, default=[])


def terms(serie):
    return serie.regime, serie.jours_feries


def told(series):
    """The rules of what comes back; those of a weekday alone, then those of the month."""
    weekly, monthly = defaultdict(list), defaultdict(list)
    for serie in series:
        rhythm = Rythme.parse(serie.regle)
        for jour in rhythm.jours:
            if serie.regle.startswith(MONTHLY):
                monthly[jour, span(serie)].append(int(rhythm.cadence))
            else:
                weekly[jour].append(span(serie))
    rules = list(by_weekday(weekly))
    for (jour, each), ranks in sorted(monthly.items()):
        listed = ",".join(str(rank) for rank in sorted(ranks))
        rule = f"{DAYS[jour]}[{listed}] {hours([each])}"
        # Added to the hours of the weekday, where « ; » would replace them.
        if jour in weekly:
            rules[-1] += f", {rule}"
        else:
            rules.append(rule)
    return rules


def by_weekday(spans):
    """« Mo-We,Fr 09:00-12:00,14:00-18:00 » for each group of weekdays that are alike."""
    alike = defaultdict(list)
    for jour in sorted(spans):
        alike[hours(sorted(spans[jour]))].append(jour)
    for text, jours in alike.items():
        yield f"{in_runs(jours)} {text}"


def in_runs(jours):
    """« Mo-We,Fr »; two neighbours stay apart."""
    runs = []
    for _, run in groupby(enumerate(jours), key=lambda pair: pair[1] - pair[0]):
        names = [DAYS[jour] for _, jour in run]
        runs += [f"{names[0]}-{names[-1]}"] if len(names) > 2 else names
    return ",".join(runs)


def hours(spans):
    return ",".join(f"{opens:%H:%M}-{end(closes)}" for opens, closes in spans)


def end(closes):
    return "24:00" if closes == MIDNIGHT else f"{closes:%H:%M}"


def span(serie):
    return serie.heure, (datetime.combine(serie.premier, serie.heure) + serie.duree).time()


def expected(series, first, last, ville):
    """{day: [spans]}: what the rules alone say."""
    days = defaultdict(list)
    for serie in series:
        for day in Rythme.parse(serie.regle).days(first, last):
            if not closed(serie, day, ville):
                days[day].append(span(serie))
    return days


def closed(serie, day, ville):
    if not serie.jours_feries and calendrier.public_holiday(day, ville.alsace_moselle):
        return True
    outside = serie.regime == Serie.Regime.HORS_VACANCES and ville.zone_scolaire
    return bool(outside and calendrier.school_holiday(day, ville.zone_scolaire))
