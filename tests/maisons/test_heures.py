"""Dates and hours in words."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from maisons import heures

PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture(autouse=True)
def november(time_machine):
    time_machine.move_to(datetime(2026, 11, 24, 10, 40, tzinfo=PARIS))


def at(*parts):
    return datetime(*parts, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (time(9), "9\u00a0h"),
        (time(14, 30), "14\u00a0h\u00a030"),
        (time(0, 5), "0\u00a0h\u00a005"),
        (datetime(2026, 7, 1, 12, tzinfo=UTC), "14\u00a0h"),
        (datetime(2026, 12, 1, 12, tzinfo=UTC), "13\u00a0h"),
    ],
)
def test_hours_are_local(moment, words):
    assert heures.hour(moment) == words


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2026, 11, 24), "mardi 24 novembre"),
        (date(2026, 12, 1), "mardi 1er décembre"),
        (date(2027, 1, 1), "vendredi 1er janvier 2027"),
        (at(2026, 12, 31, 23, 59), "jeudi 31 décembre"),
    ],
)
def test_a_day_has_its_weekday_and_the_year_when_it_is_another(on, words):
    assert heures.day(on) == words


def test_spans():
    night = heures.span(at(2026, 12, 31, 22), at(2027, 1, 1, 2))
    whole = heures.span(at(2026, 12, 24), at(2027, 1, 1))

    assert night == "du jeudi 31 décembre, 22\u00a0h, au vendredi 1er janvier 2027, 2\u00a0h"
    assert whole == "du jeudi 24 décembre au jeudi 31 décembre"
    assert heures.days(at(2026, 10, 25), at(2026, 10, 26)) == "dimanche 25 octobre"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (45, "45 minutes"),
        (60, "1 heure"),
        (90, "1\u00a0h\u00a030"),
        (240, "4 heures"),
        (2880, "2 jours"),
    ],
)
def test_lengths(minutes, words):
    assert heures.length(timedelta(minutes=minutes)) == words


def test_near_days_only():
    days = [date(2026, 11, day) for day in (23, 24, 25, 26)]

    assert [heures.near(day) for day in days] == ["", "aujourd’hui", "demain", ""]
