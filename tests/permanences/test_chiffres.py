"""Figures of permanences: numbers of people under five are never told, nor to be worked out."""

import csv
import io
from datetime import date, time, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from maisons import heures, tableur
from permanences import chiffres
from permanences.models import Permanence, RendezVous
from tests.factories import (
    AffectationFactory,
    CompteFactory,
    IntervenantFactory,
    PermanenceFactory,
    RendezVousFactory,
    VacationFactory,
    VilleFactory,
)

PAGE, SHEET = reverse("admin:permanences_chiffres"), reverse("admin:permanences_tableur")
LAST = chiffres.months(heures.today(), 1)[0]
HONOURED, CHILDREN = 4, 0  # columns of people


def met(permanence, honoured=0, missed=0, children=0, month=LAST, days=3):
    """A date of a month that is over, with who came to it."""
    starts = heures.starts_at(month + timedelta(days=days), time(9))
    fin = starts + timedelta(hours=8)
    vacation = VacationFactory(permanence=permanence, debut=starts, fin=fin)
    vacation.passages.create(tranche="moins_18", nombre=children)
    slots = iter(vacation.slots())
    for etat, count in {"honore": honoured, "manque": missed}.items():
        for _ in range(count):
            row = RendezVousFactory(vacation=vacation, debut=next(slots)[0])
            RendezVous.objects.filter(pk=row.pk).update(etat=etat)
    return vacation


@pytest.fixture
def permanence(db):
    VilleFactory()
    return PermanenceFactory()


@pytest.fixture
def direction(client, permanence):
    mandate = AffectationFactory(maison=permanence.maison, role="direction")
    client.force_login(mandate.compte)
    return mandate


def cells(text):
    return list(csv.reader(io.StringIO(text.removeprefix(tableur.MARK)), delimiter=";"))


def sheet(client, **asked):
    response = client.get(SHEET, asked)
    return cells(response.content.decode())


def test_what_is_under_five_is_hidden_and_the_rest_is_told(client, direction, permanence):
    met(permanence, honoured=5, missed=4, children=12)

    page = client.get(PAGE)
    (line,) = page.context["table"]

    assert (line.dates, line.people[HONOURED], line.people[CHILDREN]) == (1, 5, 12)
    assert [number for number in line.people if number is not None] == [12, 5]
    assert "moins de 5" in page.content.decode()


def test_several_dates_of_a_month_are_added(client, direction, permanence):
    met(permanence, honoured=3)
    met(permanence, honoured=3, days=10)

    (line,) = client.get(PAGE).context["table"]

    assert (line.dates, line.people[HONOURED]) == (2, 6)


@given(
    st.lists(
        st.lists(
            st.integers(0, 12), min_size=len(chiffres.COLUMNS), max_size=len(chiffres.COLUMNS)
        ),
        max_size=6,
    )
)
def test_no_total_holds_what_is_hidden(numbers):
    """What is told of two worlds that differ in hidden numbers alone is the same."""
    hide = [[0 if n < chiffres.LEAST else n for n in row] for row in numbers]

    tables = [
        [chiffres.Line(LAST, "s", "m", 1, [chiffres.shown(n) for n in row]) for row in world]
        for world in (numbers, hide)
    ]

    assert tables[0] == tables[1]
    assert chiffres.totals(tables[0]) == chiffres.totals(tables[1])
    assert chiffres.as_csv(tables[0]) == chiffres.as_csv(tables[1])


def test_two_people_who_read_read_the_same_lines(client, direction, permanence):
    """A service in a house is one line, for each of them: two tables cannot be subtracted."""
    other = PermanenceFactory(maison=permanence.maison, service=permanence.service)
    met(permanence, honoured=6)
    met(other, honoured=3, days=10)
    whole = sheet(client)
    client.force_login(IntervenantFactory(permanence=permanence).compte)

    mine = sheet(client)

    assert mine == whole
    assert whole[1][3:4] + whole[1][4 + HONOURED : 5 + HONOURED] == ["2", "9"]


def test_a_month_is_told_once_it_is_over(permanence, time_machine):
    met(permanence, honoured=5)
    every = Permanence.objects.all()
    assert chiffres.lines(every, LAST, LAST)

    time_machine.move_to(heures.starts_at(LAST + timedelta(days=27), time(12)), tick=False)

    assert chiffres.lines(every, LAST, LAST) == []


def test_a_sheet_opens_in_a_french_spreadsheet(client, direction, permanence):
    permanence.service.nom = "=2+3;é"
    permanence.service.save()
    met(permanence, honoured=5)

    response = client.get(SHEET)
    text = response.content.decode()

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert text.startswith("\ufeffMois;Service;Maison;Dates tenues;")
    assert text.endswith("\r\n")
    assert cells(text)[1][:4] == [f"{LAST:%Y-%m}", "'=2+3;é", str(permanence.maison), "1"]
    assert {len(row) for row in cells(text)} == {4 + len(chiffres.COLUMNS)}


def test_nobody_is_in_it(client, direction, permanence):
    vacation = met(permanence, honoured=5)
    row = vacation.rendez_vous.first()

    for text in (client.get(PAGE).content.decode(), client.get(SHEET).content.decode()):
        assert row.nom not in text
        assert row.courriel not in text


class TestWhoReads:
    @pytest.fixture
    def both(self, permanence):
        foreign = PermanenceFactory()
        for each in (permanence, foreign):
            met(each, honoured=5)
        return permanence, foreign

    def names(self, client, compte):
        client.force_login(compte)
        return {row[2] for row in sheet(client)[1:]}

    def test_each_reads_their_own(self, client, both):
        here, foreign = both
        holder = IntervenantFactory(permanence=here).compte
        direction = AffectationFactory(maison=here.maison, role="direction").compte

        assert self.names(client, holder) == self.names(client, direction) == {str(here.maison)}
        both_houses = {str(here.maison), str(foreign.maison)}
        assert self.names(client, CompteFactory(is_superuser=True)) == both_houses

    def test_the_desk_reads_none(self, client, both):
        client.force_login(AffectationFactory(maison=both[0].maison).compte)

        assert {client.get(page).status_code for page in (PAGE, SHEET)} == {403}

    def test_another_house_is_no_choice(self, client, both):
        here, foreign = both
        client.force_login(AffectationFactory(maison=here.maison, role="direction").compte)

        page = client.get(PAGE, {"maison": foreign.maison_id})

        assert page.context["table"] == []
        assert "maison" in page.context["form"].errors

    @pytest.mark.parametrize("asked", ["1999", "2100", "x", "", "²026", "20260"])
    def test_a_year_that_is_none_is_404(self, client, direction, asked):
        assert client.get(SHEET, {"annee": asked}).status_code == 404

    @pytest.mark.parametrize("mois", ["2026-13", "x", f"{heures.today():%Y-%m}", ""])
    def test_a_month_that_is_none_is_told(self, client, direction, mois):
        page = client.get(PAGE, {"mois": mois})

        assert page.status_code == 200
        assert "mois" in page.context["form"].errors


@pytest.mark.parametrize("count", [1, 3])
def test_figures_cost_the_same(permanence, django_assert_num_queries, count):
    compte = CompteFactory(is_superuser=True)
    for _ in range(count):
        met(PermanenceFactory(), honoured=2)

    with django_assert_num_queries(4):
        table = chiffres.lines(chiffres.permanences_of(compte), LAST, LAST)

    assert len(table) == count


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (date(2027, 1, 1), date(2026, 12, 1)),
        (date(2026, 3, 31), date(2026, 2, 1)),
        (date(2026, 12, 31), date(2026, 11, 1)),
    ],
)
def test_the_last_month_that_is_over(today, first):
    assert chiffres.months(today, 1) == [first]
    assert chiffres.months(today, 13)[-1] == date(first.year - 1, first.month, 1)
