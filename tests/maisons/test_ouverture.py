"""Until when a house is open, or when it opens next."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from maisons.models import Horaire, Maison
from maisons.ouverture import next_opening
from tests.factories import FermetureFactory, MaisonFactory, SalleFactory, VilleFactory

pytestmark = pytest.mark.django_db


def at(month, day, hour=0, minute=0):
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.fixture
def house():
    """
    Monday to Friday, 9 to 12 h, then 14 to 17 h and, without a break, to 19 h; Sunday to the end.

    Closed for works on Wednesday 2 December from 15 h, all Thursday, and from 28 December on.
    """
    maison = MaisonFactory(horaires=False)
    hours = [(day, *span) for day in range(5) for span in [(9, 12), (14, 17), (17, 19)]]
    Horaire.objects.bulk_create(
        Horaire(maison=maison, jour=day, ouvre=time(opens), ferme=time(closes))
        for day, opens, closes in hours
    )
    Horaire.objects.create(maison=maison, jour=6, ouvre=time(20), ferme=time(23, 59))
    FermetureFactory(maison=maison, debut=at(12, 2, 15), fin=at(12, 4))
    FermetureFactory(maison=maison, debut=at(12, 28), fin=datetime(2027, 2, 15).astimezone())
    FermetureFactory(maison=maison, salle=SalleFactory(maison=maison), debut=at(11, 24))
    return maison


def opening(house, now, **region):
    (row,) = Maison.objects.with_hours(now).filter(pk=house.pk)
    return next_opening(row, now, VilleFactory.build(**region), row.closures)


OPEN = [
    ("at the first instant", at(11, 24, 9), at(11, 24, 12)),
    ("in the last minute", at(11, 24, 11, 59), at(11, 24, 12)),
    ("two spans that touch", at(11, 24, 15), at(11, 24, 19)),
    ("until a closure begins", at(12, 2, 14), at(12, 2, 15)),
    ("just before midnight", at(11, 29, 23, 58), at(11, 29, 23, 59)),
    ("in summer time", at(10, 23, 18, 59), at(10, 23, 19)),
    ("in winter time", at(10, 26, 9), at(10, 26, 12)),
]


@pytest.mark.parametrize(("case", "now", "until"), OPEN, ids=[case for case, *_ in OPEN])
def test_a_house_is_open_until(house, case, now, until):
    found = opening(house, now)

    assert (found.is_on, found.fin) == (True, until)


CLOSED = [
    ("before it opens", at(11, 24, 8, 59), "à 9 h"),
    ("at the very hour it closes", at(11, 24, 12), "à 14 h"),
    ("in the evening", at(11, 24, 19), "demain à 9 h"),
    ("on Friday evening", at(11, 27, 19), "dimanche 29 novembre à 20 h"),
    ("at midnight", at(11, 30), "à 9 h"),
    ("in the last minute of the day", at(11, 29, 23, 59), "demain à 9 h"),
    ("as the works begin", at(12, 2, 15), "vendredi 4 décembre à 9 h"),
    ("on a public holiday", at(11, 11, 10), "demain à 9 h"),
    ("before a public holiday", at(12, 24, 19), "dimanche 27 décembre à 20 h"),
]


@pytest.mark.parametrize(("case", "now", "words"), CLOSED, ids=[case for case, *_ in CLOSED])
def test_a_closed_house_says_when_it_opens(house, case, now, words, time_machine):
    time_machine.move_to(now)

    found = opening(house, now)

    assert (found.is_on, found.comes.replace("\u00a0", " ")) == (False, words)


def test_the_holidays_are_those_of_the_region():
    daily, now = MaisonFactory(), at(12, 26, 10)

    assert opening(daily, now).is_on
    assert not opening(daily, now, alsace_moselle=True).is_on


@pytest.mark.parametrize("case", ["no hours", "closed for long"])
def test_without_an_opening_within_a_month_nothing_is_promised(house, case):
    if case == "no hours":
        house.horaires.all().delete()

    assert opening(house, at(12, 28, 10)) is None


@pytest.mark.parametrize("count", [1, 3])
def test_the_openings_of_a_list_cost_constant_queries(django_assert_num_queries, count):
    now = datetime.combine(date(2026, 11, 24), time(10), ZoneInfo("Europe/Paris"))
    for maison in MaisonFactory.create_batch(count):
        FermetureFactory(maison=maison, debut=at(11, 24), fin=at(11, 25))

    with django_assert_num_queries(3):  # houses, hours, closures
        rows = list(Maison.objects.with_hours(now))
        found = [next_opening(row, now, VilleFactory.build(), row.closures) for row in rows]

    assert [row.debut for row in found] == [at(11, 25, 8)] * count
