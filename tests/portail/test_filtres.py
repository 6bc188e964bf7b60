"""Each filter of the agenda, their counts, what to do when nothing is left, the month (F2–F4)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from maisons.heures import WEEKDAYS
from portail.agenda import Agenda
from tests.factories import VilleFactory
from tests.portail.test_agenda import URL, at, held_on, titles

pytestmark = pytest.mark.django_db
TOMORROW = timezone.localdate() + timedelta(days=1)


@pytest.fixture(autouse=True)
def ville():
    return VilleFactory(zone_scolaire="C")


def held(day, titre, hours=2, at_hour=10, **facts):
    return held_on(at(day, at_hour), hours, titre, facts)


@pytest.fixture
def various():
    held(TOMORROW, "Éveil", theme="culture", public=["enfants"], age_min=3, age_max=6)
    held(TOMORROW, "Gym", theme="sport", public=["aines"], age_min=60, gratuit=True)
    held(TOMORROW, "Loto", theme="solidarite", public=["aines", "familles"], plain_pied=True)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"theme": "sport"}, ["Gym"]),
        ({"theme": ["sport", "culture"]}, ["Éveil", "Gym"]),
        ({"public": "aines"}, ["Gym", "Loto"]),
        ({"public": ["enfants", "familles"]}, ["Éveil", "Loto"]),
        ({"age": "3"}, ["Éveil", "Loto"]),
        ({"age": "2"}, ["Loto"]),
        ({"age": "7"}, ["Loto"]),
        ({"age": "60"}, ["Gym", "Loto"]),
        ({"age": "0"}, ["Loto"]),
        ({"gratuit": "oui"}, ["Gym"]),
        ({"plain_pied": "oui"}, ["Loto"]),
        ({"public": "aines", "gratuit": "oui"}, ["Gym"]),
        ({"jour": WEEKDAYS[TOMORROW.weekday()]}, ["Éveil", "Gym", "Loto"]),
        ({"jour": WEEKDAYS[TOMORROW.weekday() - 1]}, []),
    ],
)
def test_each_filter_keeps_what_it_asks(client, various, query, found):
    assert sorted(titles(client.get(URL, query)), key=str.lower) == sorted(found, key=str.lower)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"age": "cent"}, "Écrivez un âge en années"),
        ({"age": "-1"}, "Écrivez un âge en années"),
        ({"age": "121"}, "Écrivez un âge en années"),
        ({"jour": "monday"}, "« monday » n’est pas dans la liste"),
        ({"mois": "2026-13"}, "Ce mois n’existe pas"),
        ({"mois": "décembre"}, "Ce mois n’existe pas"),
        ({"mois": "1900-01"}, "Ce mois n’existe pas"),
        ({"public": "chats"}, "« chats » n’est pas dans la liste"),
    ],
)
def test_a_filter_that_cannot_be_read_is_told_and_left_out(client, various, query, sentence):
    response = client.get(URL, query)

    assert sentence in response.content.decode()
    assert len(titles(response)) == 3


def test_what_was_typed_stays_beside_what_is_wrong_with_it(client):
    page = client.get(URL, {"age": "soixante", "du": "2026-02-30"}).content.decode()

    assert 'value="soixante" aria-invalid="true" aria-describedby="erreur-age"' in page
    assert 'id="erreur-age"' in page
    assert 'aria-describedby="erreur-du"' in page


def test_a_weekday_is_that_of_the_city_and_what_lasts_is_on_each(client):
    monday = TOMORROW + timedelta(days=7 - TOMORROW.weekday())
    held(monday, "Tard", at_hour=0)  # still Sunday in UTC
    held(monday - timedelta(days=2), "Exposition", hours=24 * 6)
    window = {"du": monday - timedelta(days=1), "au": monday}

    assert titles(client.get(URL, window | {"jour": "lundi"})) == ["Exposition", "Tard"]
    assert titles(client.get(URL, window | {"jour": "dimanche"})) == ["Exposition"]


def test_a_count_is_what_its_value_would_give_beside_the_other_filters(client, various):
    lists = client.get(URL, {"public": "aines", "theme": "sport"}).context["agenda"].lists

    assert {value: number for value, _, _, number in lists["theme"][1]} == {
        "sport": 1,
        "solidarite": 1,
    }
    assert {value: number for value, _, _, number in lists["public"][1]} == {"aines": 1}
    assert "plain_pied" not in lists


def test_nothing_left_names_the_filter_that_costs_most(client, various):
    query = {"theme": "culture", "public": "aines", "gratuit": "oui", "jour": WEEKDAYS[0:7]}

    agenda = client.get(URL, query).context["agenda"]

    words, number, address = agenda.costliest
    assert (words, number) == ("Culture et spectacles", 1)
    assert titles(client.get(URL + address)) == ["Gym"]


def test_no_single_filter_may_be_at_fault(client, various):
    query = {"theme": "culture", "public": "aines", "q": "introuvable"}

    assert client.get(URL, query).context["agenda"].costliest is None


@pytest.mark.parametrize(
    "query", [{"age": "8"}, {"jour": "mardi"}, {"q": "gym"}, {"theme": "sport"}, {"gratuit": "oui"}]
)
def test_each_filter_has_its_own_way_out(client, various, query):
    agenda = client.get(URL, query | {"plain_pied": "oui"}).context["agenda"]

    (name,) = query
    address = next(address for known, _, address in agenda.removals if known == name)
    assert address == "?plain_pied=oui"


def spans_of(response):
    return {words: address for words, address, _ in response.context["agenda"].shortcuts}


class TestShortcuts:
    @pytest.mark.parametrize("day", [date(2026, 11, 24), date(2026, 11, 28), date(2026, 11, 29)])
    def test_the_week_end_is_the_one_that_comes_or_goes_on(self, client, time_machine, day):
        time_machine.move_to(at(day, 12), tick=False)

        spans = {
            words: address for words, address, _ in client.get(URL).context["agenda"].shortcuts
        }

        first = max(day, date(2026, 11, 28))
        assert spans["Ce week-end"] == f"?du={first}&au=2026-11-29"

    def test_school_holidays_of_the_zone(self, client, time_machine):
        time_machine.move_to(at(date(2026, 11, 24), 12), tick=False)

        spans = {
            words: address for words, address, _ in client.get(URL).context["agenda"].shortcuts
        }

        assert spans["Vacances de Noël"] == "?du=2026-12-19&au=2027-01-03"

    def test_none_is_offered_where_nobody_knows_them(self, client, ville, time_machine):
        time_machine.move_to(at(date(2029, 1, 8), 12), tick=False)

        spans = spans_of(client.get(URL))

        assert not [words for words in spans if words.startswith("Vacances")]


class TestMonth:
    def test_a_day_has_its_number_and_three_titles(self, client):
        for rank in range(5):
            held(date(2026, 12, 31), f"R{rank}", at_hour=10 + rank)

        response = client.get(URL, {"mois": "2026-12"})

        day, number, rows, address = response.context["mois"].days[-1]
        assert (day, number, [row.titre for row in rows]) == (
            date(2026, 12, 31),
            5,
            ["R0", "R1", "R2"],
        )
        assert titles(client.get(URL + address)) == [f"R{rank}" for rank in range(5)]

    @pytest.mark.parametrize(("mois", "days"), [("2026-12", 31), ("2028-02", 29), ("2026-11", 30)])
    def test_it_has_all_its_days(self, client, mois, days):
        assert len(client.get(URL, {"mois": mois}).context["mois"].days) == days

    def test_filters_hold_and_what_lasts_is_told_apart(self, client):
        held(date(2026, 12, 1), "Exposition", hours=24 * 6, theme="culture")
        held(date(2026, 12, 2), "Gym", theme="sport")

        response = client.get(URL, {"mois": "2026-12", "theme": "culture"})

        assert [day for day in response.context["mois"].days if day[1]] == []
        number, rows = response.context["mois"].lasting
        assert (number, rows[0].titre) == (1, "Exposition")
        assert response.context["agenda"].sentence[1] == "en décembre, Culture et spectacles."

    def test_it_leads_to_the_months_around(self, client):
        around = client.get(URL, {"mois": "2026-12"}).context["mois"].around

        assert around == [("novembre", "?mois=2026-11"), ("janvier 2027", "?mois=2027-01")]

    @pytest.mark.parametrize("count", [1, 3])
    def test_it_costs_constant_queries(self, client, django_assert_num_queries, count):
        for rank in range(count):
            held(date(2026, 12, 1 + rank), "Gym")

        with django_assert_num_queries(5):  # quartiers, houses, city, counts, days
            client.get(URL, {"mois": "2026-12"})


def test_an_address_keeps_nothing_that_is_not_of_ours(client):
    response = client.get(URL, {"utm_source": "lettre", "theme": "sport"})

    assert "utm_source" not in response.content.decode()


def test_the_agenda_of_an_address_is_the_same_in_any_order(rf):
    one = Agenda(rf.get(reverse("portail:agenda") + "?theme=sport&age=8").GET)
    other = Agenda(rf.get(reverse("portail:agenda") + "?age=8&theme=sport").GET)

    assert one.address() == other.address()
