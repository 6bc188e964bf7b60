"""Public and school holidays; the dates are those of the decrees, not computed."""

import csv
from datetime import date, timedelta

import pytest

from maisons import calendrier
from maisons.models import DateEcartee, Serie
from portail.emplacement import BASE_DIR
from quartiers.models import Ville

PUBLISHED = BASE_DIR.parent / "shared" / "donnees" / "calendrier"
Cause, Regime = DateEcartee.Cause, Serie.Regime
here = pytest.mark.skipif(not PUBLISHED.exists(), reason="the city's files are not beside us")


def rows(name):
    with (PUBLISHED / name).open(encoding="utf-8") as file:
        yield from csv.DictReader(file, delimiter=";")


def apostrophe(name):
    return name.replace("'", "’")


@here
@pytest.mark.parametrize("zone", ["A", "B", "C"])
def test_the_school_holidays_are_those_that_are_published_day_by_day(zone):
    told = {}
    for row in rows("vacances-scolaires-2024-2028.csv"):
        day, last = (
            date.fromisoformat(row[f"{end}_jour_inclus"]) for end in ("premier", "dernier")
        )
        while row["zone"] == zone and day <= last:
            told[day] = apostrophe(row["nom"])
            day += timedelta(days=1)

    known = calendrier.school_holidays(zone)

    first = date(2024, 7, 6)  # the summer of 2024 is the first of the file
    assert {day: name.capitalize() for day, name in known.items() if day >= first} == {
        day: name.capitalize() for day, name in told.items()
    }


@here
@pytest.mark.parametrize("region", ["Métropole", "Alsace-Moselle"])
def test_the_public_holidays_are_those_that_are_published(region):
    zones = ["Métropole"] if region == "Métropole" else ["Métropole", "Alsace-Moselle"]
    published = [row for row in rows("jours-feries-2024-2029.csv") if row["zone"] in zones]
    told = {date.fromisoformat(row["date"]): apostrophe(row["nom"]) for row in published}

    known = {}
    for year in range(2024, 2030):
        known |= calendrier.public_holidays(year, region == "Alsace-Moselle")

    assert known == told


@pytest.mark.parametrize(
    ("day", "zone", "name"),
    [
        (date(2026, 10, 16), "A", ""),
        (date(2026, 10, 17), "A", "vacances de la Toussaint"),  # first and last day are included
        (date(2026, 11, 1), "A", "vacances de la Toussaint"),
        (date(2026, 11, 2), "A", ""),
        (date(2027, 2, 9), "A", ""),
        (date(2027, 2, 9), "B", ""),
        (date(2027, 2, 9), "C", "vacances d’hiver"),
        (date(2027, 2, 23), "A", "vacances d’hiver"),
        (date(2027, 2, 23), "B", "vacances d’hiver"),
        (date(2027, 2, 23), "C", ""),
        (date(2026, 5, 15), "A", ""),  # no bridge in 2026
        (date(2027, 5, 7), "A", "pont de l’Ascension"),
        (date(2028, 5, 26), "C", "pont de l’Ascension"),
        (date(2028, 8, 31), "B", "vacances d’été"),
    ],
)
def test_the_holidays_of_a_zone(day, zone, name):
    assert calendrier.school_holiday(day, zone) == name


@pytest.mark.parametrize(
    ("day", "alsace_moselle", "name"),
    [
        (date(2026, 12, 25), False, "Noël"),
        (date(2026, 12, 26), False, ""),
        (date(2026, 12, 26), True, "Saint-Étienne"),
        (date(2027, 3, 26), False, ""),
        (date(2027, 3, 26), True, "Vendredi saint"),
        (date(2027, 5, 6), False, "Ascension"),
        (date(2028, 2, 29), False, ""),
    ],
)
def test_the_public_holidays_of_a_region(day, alsace_moselle, name):
    assert calendrier.public_holiday(day, alsace_moselle) == name


@pytest.mark.parametrize(
    ("day", "zone", "known"),
    [
        (date(2028, 8, 31), "C", True),
        (date(2028, 9, 1), "C", False),
        (date(2026, 11, 24), "", False),
    ],
)
def test_a_calendar_is_published_until_the_end_of_its_last_school_year(day, zone, known):
    assert calendrier.is_published(day, zone) is known


@pytest.mark.parametrize(
    ("regime", "day", "told"),
    [
        (Regime.TOUJOURS, date(2026, 12, 22), None),
        (Regime.TOUJOURS, date(2028, 9, 5), None),  # all year: no need of a calendar
        (Regime.TOUJOURS, date(2026, 11, 11), (Cause.FERIE, "jour férié : Armistice")),
        (Regime.HORS_VACANCES, date(2026, 12, 15), None),
        (Regime.HORS_VACANCES, date(2026, 12, 22), (Cause.VACANCES, "vacances de Noël")),
        (Regime.HORS_VACANCES, date(2026, 12, 25), (Cause.FERIE, "jour férié : Noël")),
        (
            Regime.HORS_VACANCES,
            date(2028, 9, 5),
            (Cause.CALENDRIER, "calendrier scolaire non publié"),
        ),
        (Regime.VACANCES, date(2026, 12, 22), None),
        (
            Regime.VACANCES,
            date(2026, 12, 15),
            (Cause.HORS_VACANCES, "hors des vacances scolaires"),
        ),
        (Regime.VACANCES, date(2028, 9, 5), (Cause.CALENDRIER, "calendrier scolaire non publié")),
    ],
)
def test_a_regime_leaves_days_out_with_the_cause(regime, day, told):
    assert calendrier.left_out(day, regime, False, Ville(zone_scolaire="C")) == told


def test_a_series_that_takes_public_holidays_still_minds_the_school_year():
    ville = Ville(zone_scolaire="A")

    on_holiday = calendrier.left_out(date(2026, 11, 11), Regime.HORS_VACANCES, True, ville)
    at_christmas = calendrier.left_out(date(2026, 12, 25), Regime.HORS_VACANCES, True, ville)

    assert on_holiday is None
    assert at_christmas == (Cause.VACANCES, "vacances de Noël")


def test_a_city_without_a_zone_is_told_so():
    cause, sentence = calendrier.left_out(date(2026, 12, 15), Regime.VACANCES, False, Ville())

    assert cause == Cause.CALENDRIER
    assert "zone scolaire" in sentence
