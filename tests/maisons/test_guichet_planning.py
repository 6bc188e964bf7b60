"""The planning of the desk: who, in which state, and what may be booked (parcours A6)."""

from datetime import date

import pytest
from django.urls import reverse

from maisons import planning
from maisons.models import Affectation, Horaire, Reservation
from tests.factories import (
    AffectationFactory,
    EvenementFactory,
    OccurrenceFactory,
    ReservationFactory,
    SalleFactory,
)
from tests.maisons.test_guichet import DAY, afternoon, at, post, read, room, url

__all__ = ["afternoon", "room"]  # fixtures
pytestmark = pytest.mark.django_db


def tracks(client, room, **asked):
    asked = {"jour": DAY.isoformat()} | asked
    return client.get(url("planning_maison", room.maison), asked).context["tracks"]


@pytest.fixture
def granted(agent, room):
    booked = ReservationFactory(salle=room, debut=at(18), fin=at(20), demandeur__nom="Léo <i>M")
    planning.confirm(booked, by=agent.compte)
    return booked


def test_the_desk_may_book_what_begins_now_and_in_rooms_of_its_own(client, room):
    room.reservable = False
    room.save()

    (track,) = tracks(client, room)

    assert [(s.etat, s.titre, s.debut) for s in track["spans"]] == [
        ("ferme", "passé", at(8)),
        ("libre", "libre", at(14)),
    ]


def test_each_use_says_who_and_in_which_state_and_leads_to_its_row(client, room, granted):
    waiting = ReservationFactory(salle=room, debut=at(20), fin=at(21), demandeur__nom="Aïcha")

    page = read(client.get(url("planning_maison", room.maison)))

    assert "Léo &lt;i&gt;M, <span>confirmée</span>" in page
    assert "Aïcha, <span>demandée</span>" in page
    for booking in (granted, waiting):
        assert reverse("admin:maisons_reservation_change", args=[booking.pk]) in page


def test_names_hide_until_they_are_shown_again(client, room, granted):
    address = url("planning_maison", room.maison)

    pages = [read(client.get(address, asked)) for asked in ({"noms": "0"}, {}, {"noms": "1"})]

    assert ["Léo" in page for page in pages] == [False, False, True]
    assert all("<span>confirmée</span>" in page for page in pages)


def test_events_are_named_drafts_too(client, room):
    event = EvenementFactory(maison=room.maison, titre="Concert")
    OccurrenceFactory(evenement=event, salle=room, debut=at(18), fin=at(20))

    page = read(client.get(url("planning_maison", room.maison)))

    assert "Concert" in page
    assert "(brouillon)" in page


def test_a_use_before_the_house_opens_widens_the_grid(client, room):
    post(client, room, de="22:00", a="23:30", outside_hours="on")

    (track,) = tracks(client, room)

    assert ("confirmee", at(22), at(23, 30)) in [(s.etat, s.debut, s.fin) for s in track["spans"]]


def test_a_shared_hall_names_each_of_its_guests(client, room):
    hall = SalleFactory(maison=room.maison, partagee=True, capacite=10)
    for nom in ("Léo", "Aïcha"):
        ReservationFactory(salle=hall, debut=at(18), fin=at(20), personnes=3, demandeur__nom=nom)

    page = read(client.get(url("planning_maison", room.maison)))

    assert "Léo, " in page
    assert "Aïcha, " in page


def test_a_week_is_one_room_over_seven_days(client, room, granted):
    SalleFactory(maison=room.maison)

    week = tracks(client, room, vue="semaine", salle=room.slug)

    assert [track["jour"] for track in week] == [date(2026, 1, 12 + n) for n in range(7)]
    assert {track["salle"] for track in week} == {room}
    assert "confirmee" in [span.etat for span in week[3]["spans"]]


@pytest.mark.parametrize(
    "asked",
    [{"jour": "2026-02-31"}, {"vue": "semaine", "salle": "rien"}, {"page": "x"}, {"vue": "mois"}],
)
def test_an_address_that_means_nothing_is_no_error(client, room, asked):
    assert client.get(url("planning_maison", room.maison), asked).status_code == 200


def test_twelve_rooms_a_page(client, room):
    SalleFactory.create_batch(12, maison=room.maison)

    assert [len(tracks(client, room, page=page)) for page in (1, 2)] == [12, 1]


def test_the_link_that_closes_a_room_fills_the_form(client, room):
    (track,) = tracks(client, room)

    page = read(client.get(f"{reverse('admin:maisons_fermeture_add')}?{track['closing']}"))

    assert f'<option value="{room.pk}" selected>' in page
    assert 'value="2026-01-15T00:00"' in page
    assert 'value="2026-01-16T00:00"' in page


def test_one_house_opens_at_once_several_are_listed(client, agent, room):
    alone = client.get(reverse("admin:planning"))
    other = AffectationFactory(compte=agent.compte, role=Affectation.Role.DIRECTION).maison

    assert alone.url == url("planning_maison", agent.maison)
    assert set(client.get(reverse("admin:planning")).context["maisons"]) == {agent.maison, other}


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("vue", "expected"), [("", 14), ("semaine", 13)])
def test_the_planning_costs_constant_statements(
    client, room, count, vue, expected, django_assert_num_queries
):
    rooms = [room, *SalleFactory.create_batch(count - 1, maison=room.maison)]
    for one in rooms:
        ReservationFactory(salle=one, debut=at(18), fin=at(20))
        event = EvenementFactory(maison=room.maison)
        OccurrenceFactory(evenement=event, salle=one, debut=at(20), fin=at(21))

    with django_assert_num_queries(expected):
        tracks(client, room, vue=vue, salle=room.slug)


def test_a_house_without_opening_hours_is_shown_and_booked_with_the_tick(client, room):
    Horaire.objects.all().delete()

    assert tracks(client, room)
    post(client, room, outside_hours="on")
    assert Reservation.objects.count() == 1
