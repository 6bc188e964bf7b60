"""Where those whose room closes may go: here, then nearby; large enough, never a trap."""

from datetime import time, timedelta

import pytest

from maisons import fermetures, planning
from maisons.models import Horaire, Reservation
from tests.factories import OccurrenceFactory, SalleFactory
from tests.maisons.test_fermetures import DAY, agent_of, at, booked, closed, days

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def new_year(time_machine):
    time_machine.move_to(at(8, on=DAY - days(10)))


def rooms_offered(fermeture, by):
    (row,) = fermetures.proposals(fermeture, by)
    return [room.nom for room in row.free]


@pytest.fixture
def salle():
    place = {"maison__longitude": 3.87, "maison__latitude": 43.61}
    return SalleFactory(nom="fermée", maison__reservations_max=0, **place)


def near(salle, degrees, **fields):
    place = {"maison__longitude": 3.87, "maison__latitude": 43.61 + degrees}
    place |= {"reservable": True, "avec_accord": False}
    return SalleFactory(**place | fields)


def test_this_house_then_its_quartier_then_the_nearest(salle):
    booked(salle)
    near(salle, 0.03, nom="loin")
    near(salle, 0.01, nom="près")
    near(salle, 0.05, nom="quartier", maison__quartier=salle.maison.quartier)
    SalleFactory(nom="ici", maison=salle.maison)
    SalleFactory(nom="sans carte", avec_accord=False)

    found = rooms_offered(closed(salle.maison, salle=salle), agent_of(salle.maison))

    assert found == ["ici", "quartier", "près", "loin", "sans carte"]


def test_a_closed_house_offers_none_of_its_own_rooms(salle):
    booked(salle)
    SalleFactory(maison=salle.maison)
    near(salle, 0.01, nom="voisine")

    found = rooms_offered(closed(salle.maison), agent_of(salle.maison))

    assert found == ["voisine"]


@pytest.mark.parametrize(
    ("personnes", "told"), [(None, ["20", "25", "40", "15", "6"]), (25, ["25", "40"])]
)
def test_enough_places_for_those_announced_else_the_nearest_size(personnes, told):
    salle = SalleFactory(capacite=20, nom="fermée")
    planning.move(booked(salle), displaced=True, personnes=None)
    Reservation.objects.update(personnes=personnes)
    for capacite in (6, 15, 20, 25, 40):
        SalleFactory(maison=salle.maison, capacite=capacite, nom=str(capacite))

    closure = closed(salle.maison, salle=salle)

    assert rooms_offered(closure, agent_of(salle.maison)) == told


def test_no_stairs_where_there_were_none():
    salle = SalleFactory(plain_pied=True)
    booked(salle)
    for nom, plain_pied in [("étage", False), ("inconnu", None), ("plain-pied", True)]:
        SalleFactory(maison=salle.maison, nom=nom, plain_pied=plain_pied)

    found = rooms_offered(closed(salle.maison, salle=salle), agent_of(salle.maison))

    assert found[0] == "plain-pied"


@pytest.mark.parametrize("fault", ["taken", "its part", "tidied up", "tidying up", "closed"])
def test_nothing_that_would_be_refused(salle, fault):
    booked(salle)
    other = SalleFactory(maison=salle.maison)
    half = SalleFactory(maison=salle.maison, partie_de=other, capacite=5)
    if fault == "tidying up":
        other.battement = timedelta(minutes=30)
        planning.save_room(other)
    elif fault == "tidied up":
        half.battement = timedelta(minutes=30)
        planning.save_room(half)
    uses = {"taken": (other, 11, 13), "its part": (half, 11, 13), "tidied up": (half, 8, 10)}
    uses |= {"tidying up": (half, 12, 14)}
    booked(*uses[fault]) if fault in uses else closed(salle.maison, salle=half)

    found = rooms_offered(closed(salle.maison, salle=salle), agent_of(salle.maison))

    assert other.nom not in found


def test_the_hours_of_a_house_count_but_for_what_went_on_outside_them(salle):
    Horaire.objects.filter(maison=salle.maison).update(ferme=time(18))
    SalleFactory(maison=salle.maison, nom="ici")
    near(salle, 0.01, nom="voisine", maison__horaires=False)
    OccurrenceFactory(salle=salle, debut=at(20), fin=at(22))

    found = rooms_offered(closed(salle.maison, 19, 23, salle=salle), agent_of(salle.maison))

    assert found == ["ici"]


def test_the_desk_of_another_house_is_not_passed_by(salle):
    booked(salle)
    mine = near(salle, 0.01, nom="la mienne", reservable=False, avec_accord=True)
    near(salle, 0.02, nom="libre")
    near(salle, 0.03, nom="avec accord", avec_accord=True)
    near(salle, 0.04, nom="pas pour tous", reservable=False)

    found = rooms_offered(closed(salle.maison), agent_of(salle.maison, mine.maison))

    assert found == ["la mienne", "libre"]


def test_a_hall_does_not_replace_a_room_and_a_whole_house_has_no_other(salle):
    OccurrenceFactory(maison=salle.maison, salle=None, portee="maison", debut=at(8), fin=at(9))
    booked(salle)
    SalleFactory(maison=salle.maison, partagee=True)
    near(salle, 0.01, nom="voisine")

    house, room = fermetures.proposals(closed(salle.maison, 8), agent_of(salle.maison))

    assert (house.free, [r.nom for r in room.free]) == ([], ["voisine"])


def test_what_has_begun_does_not_change_rooms(salle, time_machine):
    booked(salle)
    SalleFactory(maison=salle.maison)
    time_machine.move_to(at(11))

    assert rooms_offered(closed(salle.maison, salle=salle), agent_of(salle.maison)) == []


def test_two_dates_of_one_hour_are_not_first_offered_one_room(salle):
    second = SalleFactory(maison=salle.maison)
    for room in (salle, second):
        booked(room)
    booked(salle, 13, 14)
    nearest, next_one = near(salle, 0.01), near(salle, 0.02)

    rows = fermetures.proposals(closed(salle.maison, 8, 18), agent_of(salle.maison))

    assert [row.first for row in rows] == [nearest, next_one, nearest]
    assert rows[1].offered == [next_one, nearest]


@pytest.mark.parametrize("count", [1, 5, 50])
def test_costs_constant_queries(salle, django_assert_num_queries, count):
    for rank in range(count):
        booked(salle, 8, 9, on=DAY + days(rank), demandeur=None, nom="Zoé", courriel="z@y.fr")
        OccurrenceFactory(salle=salle, debut=at(9, DAY + days(rank)))
    for rank in range(8):
        near(salle, rank / 100)
    closure, by = closed(salle.maison, 8, until=DAY + days(60)), agent_of(salle.maison)

    with django_assert_num_queries(9):
        # hits, bookings, dates; houses, hours, mandate, rooms, closures, créneaux
        rows = fermetures.proposals(closure, by, most=100)
        told = [(row.description, row.admin_url, row.contacts, row.offered) for row in rows]

    assert len(told) == 2 * count
