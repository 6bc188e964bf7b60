"""The rule of a series, its days and its hours: a table of the nights that go wrong."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from maisons import series
from maisons.heures import starts_at
from maisons.models import DateEcartee, Fermeture, Serie
from maisons.rythmes import Cadence, Rythme
from quartiers.models import Ville

Cause = DateEcartee.Cause
TUESDAY = "FREQ=WEEKLY;BYDAY=TU"
DAILY = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU"
RYTHMES = st.builds(
    Rythme,
    st.sampled_from(Cadence),
    st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
)
DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))


def serie(rule, premier, dernier, heure=time(18), hours=2, **fields):
    duree = timedelta(hours=hours)
    bounds = {"premier": premier, "dernier": dernier}
    return Serie(regle=rule, heure=heure, duree=duree, **bounds, **fields)


@pytest.mark.parametrize(
    ("rule", "premier", "dernier", "days"),
    [
        (TUESDAY, date(2028, 2, 22), date(2028, 3, 7), ["02-22", "02-29", "03-07"]),
        (TUESDAY, date(2028, 2, 23), date(2028, 3, 6), ["02-29"]),
        ("FREQ=WEEKLY;BYDAY=TU,TH", date(2026, 12, 29), date(2026, 12, 31), ["12-29", "12-31"]),
        # Every second week counts from the first date, not from a Tuesday that is over.
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
            date(2026, 9, 2),
            date(2026, 10, 6),
            ["09-08", "09-22", "10-06"],
        ),
        ("FREQ=MONTHLY;BYDAY=2TU", date(2026, 9, 1), date(2026, 10, 31), ["09-08", "10-13"]),
        ("FREQ=MONTHLY;BYDAY=-1TU", date(2028, 2, 1), date(2028, 3, 31), ["02-29", "03-28"]),
        ("FREQ=MONTHLY;BYDAY=-1TH", date(2026, 12, 1), date(2026, 12, 31), ["12-31"]),
        ("FREQ=MONTHLY;BYDAY=1MO,1TU", date(2026, 9, 1), date(2026, 9, 30), ["09-01", "09-07"]),
    ],
)
def test_the_days_of_a_rule(rule, premier, dernier, days):
    assert [f"{day:%m-%d}" for day in serie(rule, premier, dernier).days()] == days


@pytest.mark.parametrize(
    ("day", "heure", "hours", "told"),
    [
        # Both changes of hour, 2026 to 2028: 18 h stays 18 h.
        (date(2026, 3, 28), time(18), 2, "28 17:00 28 19:00"),
        (date(2026, 3, 29), time(18), 2, "29 16:00 29 18:00"),
        (date(2026, 10, 24), time(18), 2, "24 16:00 24 18:00"),
        (date(2026, 10, 25), time(18), 2, "25 17:00 25 19:00"),
        (date(2027, 3, 28), time(18), 2, "28 16:00 28 18:00"),
        (date(2027, 10, 31), time(18), 2, "31 17:00 31 19:00"),
        (date(2028, 3, 26), time(18), 2, "26 16:00 26 18:00"),
        (date(2028, 10, 29), time(18), 2, "29 17:00 29 19:00"),
        # An hour that does not exist that night, at either end.
        (date(2027, 3, 28), time(2, 30), 2, None),
        (date(2027, 3, 27), time(20), 6.5, None),
        (date(2027, 3, 27), time(20), 7, "27 19:00 28 01:00"),
        # An hour that comes twice is the first of the two.
        (date(2027, 10, 31), time(2, 30), 1, "31 00:30 31 02:30"),
        (date(2027, 10, 30), time(22), 4.5, "30 20:00 31 00:30"),
        # After midnight, at the end of the year and of February.
        (date(2026, 12, 31), time(22), 4, "31 21:00 01 01:00"),
        (date(2028, 2, 28), time(22), 4, "28 21:00 29 01:00"),
        (date(2028, 2, 29), time(20), 4, "29 19:00 29 23:00"),
    ],
)
def test_the_instants_of_a_day(day, heure, hours, told):
    span = serie(TUESDAY, day, day, heure, hours).span(day)

    assert told == (span and " ".join(f"{at.astimezone(UTC):%d %H:%M}" for at in span))


@pytest.mark.parametrize(
    ("day", "heure", "hours", "closed", "cause"),
    [
        (date(2027, 6, 15), time(18), 2, ("2027-06-15 20:00", "2027-06-16 08:00"), None),
        (date(2027, 6, 15), time(18), 2, ("2027-06-15 19:59", "2027-06-16 08:00"), "fermeture"),
        # Over midnight: the closure, the date, both.
        (date(2027, 6, 16), time(8), 2, ("2027-06-15 22:00", "2027-06-16 08:00"), None),
        (date(2027, 6, 16), time(7), 2, ("2027-06-15 22:00", "2027-06-16 08:00"), "fermeture"),
        (date(2027, 6, 15), time(22), 4, ("2027-06-16 01:00", "2027-06-16 08:00"), "fermeture"),
        (date(2027, 6, 15), time(22), 4, ("2027-06-16 02:00", "2027-06-16 08:00"), None),
        (date(2026, 12, 31), time(22), 4, ("2027-01-01 00:00", "2027-01-02 00:00"), "fermeture"),
        (date(2027, 3, 28), time(2, 30), 2, ("2027-03-28 00:00", "2027-03-29 00:00"), "heure"),
    ],
)
def test_closures_over_midnight(day, heure, hours, closed, cause):
    whole = serie(TUESDAY, day, day, heure, hours)
    debut, fin = (timezone.make_aware(datetime.fromisoformat(at)) for at in closed)
    closure = Fermeture(debut=debut, fin=fin, motif="travaux")

    told = series.reason(whole, day, whole.span(day), Ville(), [closure])

    assert (
        told
        == {
            None: None,
            "heure": (Cause.HEURE, "l’heure change cette nuit-là"),
            "fermeture": (Cause.FERMETURE, "fermeture : travaux"),
        }[cause]
    )


@given(RYTHMES)
def test_a_rule_is_read_as_it_was_written(rythme):
    assert Rythme.parse(rythme.rule) == rythme


@pytest.mark.parametrize(
    "rule", ["", "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=", "FREQ=MONTHLY;BYDAY=1TU,2TU", "BYDAY=TU"]
)
def test_a_rule_that_the_portal_never_writes_is_refused(rule):
    with pytest.raises(ValueError, match="illisible"):
        Rythme.parse(rule)


@given(RYTHMES, DAYS, st.integers(0, 1000))
def test_days_are_within_bounds_once_and_in_order(rythme, first, length):
    last = first + timedelta(days=length)

    days = rythme.days(first, last)

    assert all(first <= day <= last and day.weekday() in rythme.jours for day in days)
    assert all(one < other for one, other in pairwise(days))


@given(st.integers(0, 6), DAYS, st.integers(0, 1000))
def test_every_second_week_is_half_of_every_week(jour, first, length):
    last = first + timedelta(days=length)

    weekly, half = (
        Rythme(cadence, (jour,)).days(first, last)
        for cadence in (Cadence.SEMAINE, Cadence.QUINZAINE)
    )

    assert half == weekly[::2]


@given(DAYS, st.times(), st.integers(1, 24 * 60))
def test_the_hours_on_the_wall_stay_the_same(day, heure, minutes):
    whole = serie(DAILY, day, day, heure.replace(second=0, microsecond=0), minutes / 60)

    span = whole.span(day)

    wall = datetime.combine(day, whole.heure)
    told = [timezone.localtime(at).replace(tzinfo=None, fold=0) for at in span or ()]
    assert told in ([], [wall, wall + whole.duree])
    assert not span or span[0] < span[1]


@given(DAYS, st.sampled_from(Serie.Regime), st.booleans(), st.sampled_from(["", "A", "B", "C"]))
def test_during_and_outside_holidays_never_take_the_same_day(day, regime, feries, zone):
    ville = Ville(zone_scolaire=zone)
    causes = [
        series.reason(
            serie(DAILY, day, day, regime=regime, jours_feries=feries), day, (), ville, []
        )
        for regime in (Serie.Regime.VACANCES, Serie.Regime.HORS_VACANCES)
    ]

    assert any(causes)
    assert all(causes) == (causes[0] == causes[1])


def test_a_series_in_words():
    season = serie(TUESDAY, date(2026, 9, 8), date(2027, 6, 29), regime="hors_vacances")
    night = serie(
        "FREQ=MONTHLY;BYDAY=-1FR,-1SA",
        date(2027, 1, 1),
        date(2027, 12, 31),
        time(22, 30),
        3.5,
        jours_feries=True,
    )

    nbsp = "\u00a0"
    assert str(season).replace(nbsp, " ") == (
        "chaque mardi, de 18 h à 20 h, du 8 septembre 2026 au 29 juin 2027, hors vacances scolaires"
    )
    assert str(night).replace(nbsp, " ") == (
        "le dernier vendredi et le dernier samedi du mois, de 22 h 30 à 2 h le lendemain, "
        "du 1er janvier au 31 décembre 2027, jours fériés compris"
    )


@pytest.mark.parametrize(
    ("cadence", "jours", "words"),
    [
        ("semaine", (0, 1, 3), "chaque lundi, mardi et jeudi"),
        ("semaine", tuple(range(7)), "chaque jour"),
        ("quinzaine", (1,), "un mardi sur deux"),
        ("quinzaine", (1, 3), "un mardi et un jeudi sur deux"),
        ("1", (5,), "le 1er samedi du mois"),
        ("-1", (1,), "le dernier mardi du mois"),
    ],
)
def test_a_rhythm_in_words(cadence, jours, words):
    assert Rythme(Cadence(cadence), jours).words == words


def test_a_date_that_ends_at_midnight_ends_the_same_evening():
    whole = serie(TUESDAY, date(2027, 1, 5), date(2027, 1, 5), time(22), 2)

    assert "le lendemain" not in str(whole)
    assert whole.span(date(2027, 1, 5))[1] == starts_at(date(2027, 1, 6))
