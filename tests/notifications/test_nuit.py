"""No reminder by night (G6): what falls inside leaves at 8:00, or the evening before."""

from datetime import UTC, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from notifications import nuit

PARIS = ZoneInfo("Europe/Paris")
# Both changes of hour, a 29 February, a 31 December, and a day like any other.
DAYS = [(2027, 3, 28), (2027, 10, 31), (2028, 2, 29), (2026, 12, 31), (2026, 11, 24)]
AROUND = [timedelta(days=days) for days in (-1, 0, 1)]


def paris(*when):
    return datetime(*when, tzinfo=PARIS).astimezone(UTC)


def shown(moment):
    return f"{moment.astimezone(PARIS):%d %H:%M}"


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize(
    ("hour", "quiet"),
    [((20, 59), False), ((21, 0), True), ((23, 59), True), ((0, 0), True), ((4, 0), True)]
    + [((7, 59), True), ((8, 0), False), ((12, 0), False)],
)
def test_the_night_goes_from_21_to_8_on_the_city_s_clock(day, hour, quiet):
    assert nuit.is_quiet(paris(*day, *hour)) is quiet


@pytest.mark.parametrize(
    ("moment", "start", "leaves"),
    [
        ((24, 15, 0), (26, 15, 0), "24 15:00"),
        ((24, 22, 0), (26, 22, 0), "25 08:00"),
        ((25, 7, 0), (27, 7, 0), "25 08:00"),
        ((24, 21, 0), (25, 9, 59), "24 20:30"),
        ((25, 7, 59), (25, 9, 59), "24 20:30"),
        ((25, 7, 59), (25, 10, 0), "25 08:00"),
        ((25, 2, 0), (25, 14, 0), "25 08:00"),
        ((24, 21, 30), (24, 22, 30), "24 20:30"),
    ],
)
def test_what_falls_inside_leaves_in_the_morning_or_the_evening_before(moment, start, leaves):
    moment, start = (paris(2026, 11, *when) for when in (moment, start))

    assert shown(nuit.departure(moment, start)) == leaves


@pytest.mark.parametrize(
    ("start", "delay", "moment"),
    [
        ((2027, 3, 29, 14), timedelta(hours=48), "27 14:00"),
        ((2027, 11, 1, 14), timedelta(hours=48), "30 14:00"),
        ((2028, 3, 1, 9), timedelta(hours=24), "29 09:00"),
        ((2027, 1, 1, 9), timedelta(hours=24), "31 09:00"),
        ((2027, 3, 28, 4), timedelta(hours=2), "28 01:00"),
        ((2027, 10, 31, 4), timedelta(minutes=150), "31 02:30"),
    ],
)
def test_whole_days_before_keep_the_hour_and_hours_are_real_ones(start, delay, moment):
    assert shown(nuit.before(paris(*start), delay)) == moment


@pytest.mark.parametrize("day", DAYS)
def test_nothing_leaves_by_night_nor_after_what_it_announces_nor_too_early(day):
    quarters = [timedelta(minutes=15 * rank) for rank in range(96)]
    delays = [timedelta(hours=hours) for hours in (0.5, 1, 12, 24, 48, 336)]
    for around, quarter, delay in product(AROUND, quarters, delays):
        start = paris(*day, 0, 0) + around + quarter
        moment = nuit.before(start, delay)

        leaves = nuit.departure(moment, start)

        assert not nuit.is_quiet(leaves)
        assert moment - nuit.ADVANCE < leaves <= max(moment, moment + timedelta(hours=12))
        assert leaves < start or start - moment < timedelta(minutes=1)
        assert start - delay - leaves <= nuit.ADVANCE
