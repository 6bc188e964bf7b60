"""Hours as OpenStreetMap writes them: what comes back, what differs, nothing that is not held."""

from collections import defaultdict
from datetime import date, time, timedelta

import pytest

from maisons import calendrier
from maisons.models import Horaire, Serie
from maisons.rythmes import Cadence, Rythme
from portail import horaires_osm
from quartiers.models import Ville

VILLE = Ville(nom="Rivemont", zone_scolaire="C")
MONDAY = date(2026, 1, 5)  # no holiday before those of February
MONDAYS, TUESDAYS, SATURDAYS = (0,), (1,), (5,)


def serie(jours, heure=9, hours=3, cadence=Cadence.SEMAINE, **values):
    known = {"premier": MONDAY - timedelta(days=28), "dernier": MONDAY + timedelta(days=200)}
    known |= {"heure": time(heure), "duree": timedelta(hours=hours)}
    return Serie(regle=Rythme(cadence, jours).rule, **known | values)


def held(*series, ville=VILLE, without=()):
    """The dates that these series have, holidays left out as `maisons.series` does."""
    spans = defaultdict(list)
    for each in series:
        for day in each.days():
            out = calendrier.left_out(day, each.regime, each.jours_feries, ville)
            if day >= MONDAY and not out and day not in without:
                spans[day].append(horaires_osm.span(each))
    return spans


def told(*series, first=MONDAY, **options):
    return horaires_osm.of_dates(list(series), held(*series, **options), first, VILLE)


@pytest.mark.parametrize(
    ("series", "text"),
    [
        ([serie((0, 2))], "Mo,We 09:00-12:00; PH off"),
        ([serie((0, 1, 2, 4))], "Mo-We,Fr 09:00-12:00; PH off"),
        ([serie((1, 3)), serie((1,), 14)], "Tu 09:00-12:00,14:00-17:00; Th 09:00-12:00; PH off"),
        ([serie(SATURDAYS, cadence=Cadence.DERNIER)], "Sa[-1] 09:00-12:00; PH off"),
        (
            [
                serie(SATURDAYS, cadence=Cadence.PREMIER),
                serie(SATURDAYS, cadence=Cadence.TROISIEME),
            ],
            "Sa[1,3] 09:00-12:00; PH off",
        ),
        (
            [serie(TUESDAYS), serie(TUESDAYS, 17, 2, Cadence.DEUXIEME)],
            "Tu 09:00-12:00, Tu[2] 17:00-19:00; PH off",
        ),
        ([serie((5, 6), jours_feries=True)], "Sa,Su 09:00-12:00"),
        ([serie(MONDAYS, 21, 3)], "Mo 21:00-24:00; PH off"),
    ],
)
def test_what_comes_back_is_a_rule(series, text):
    assert told(*series) == text


def test_school_holidays_are_said_when_they_are_left_out():
    assert told(serie(MONDAYS, regime="hors_vacances")) == "Mo 09:00-12:00; PH off; SH off"


def test_every_second_week_is_told_day_by_day():
    text = told(serie(MONDAYS, cadence=Cadence.QUINZAINE, premier=MONDAY))

    days = text.split("; ")
    assert days[:2] == ["2026 Jan 05 09:00-12:00", "2026 Jan 19 09:00-12:00"]
    assert len(days) == 5


def test_what_ends_soon_is_told_day_by_day():
    text = told(serie(MONDAYS, dernier=MONDAY + timedelta(days=7)))

    assert text == "2026 Jan 05 09:00-12:00; 2026 Jan 12 09:00-12:00"


def test_a_day_that_differs_follows_the_rule():
    without = [date(2026, 1, 12)]
    two = [serie(TUESDAYS), serie(TUESDAYS, 14)]
    moved = held(*two)
    moved[date(2026, 1, 13)] = [(time(14), time(17))]

    assert told(serie(MONDAYS), without=without).endswith("; PH off; 2026 Jan 12 off")
    text = horaires_osm.of_dates(two, moved, MONDAY, VILLE)
    assert text.endswith("; PH off; 2026 Jan 13 14:00-17:00")


def test_two_regimes_are_not_told_by_one_rule():
    text = told(serie(MONDAYS), serie(TUESDAYS, regime="hors_vacances"))

    assert text.startswith(("Mo 09:00-12:00; PH off; ", "Tu 09:00-12:00; PH off; SH off; "))
    assert "2026 Jan" in text


def test_nothing_held_is_an_empty_string():
    assert horaires_osm.of_dates([], {}, MONDAY, VILLE) == ""


def test_a_house_that_closes_at_noon():
    hours = [Horaire(jour=jour, ouvre=time(9), ferme=time(12, 30)) for jour in range(5)]
    hours += [Horaire(jour=4, ouvre=time(14), ferme=time(18))]

    assert horaires_osm.of_house(hours) == "Mo-Th 09:00-12:30; Fr 09:00-12:30,14:00-18:00"
