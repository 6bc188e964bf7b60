"""Free and taken half hours of a day, as the planning shows them (B1, B3, B4)."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from maisons import planning
from maisons.disponibilites import Disponibilites, alternatives
from maisons.models import Fermeture, Horaire
from tests.factories import (
    EvenementFactory,
    OccurrenceFactory,
    ReservationFactory,
    SalleFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 15)


@pytest.fixture(autouse=True)
def new_year(time_machine):
    time_machine.move_to(at(8, on=date(2026, 1, 5)))


def at(hour, minute=0, on=DAY):
    return datetime.combine(on, time(hour, minute), ZoneInfo("Europe/Paris"))


def told(salle, on=DAY):
    """[(state, start, end)] in local hours."""
    paris = ZoneInfo("Europe/Paris")
    return [
        (span.etat, f"{span.debut.astimezone(paris):%H:%M}", f"{span.fin.astimezone(paris):%H:%M}")
        for span in Disponibilites(salle.maison, on).spans(salle, on)
    ]


def test_an_empty_day_is_free_while_the_house_is_open():
    assert told(SalleFactory()) == [("libre", "08:00", "22:00")]


def test_a_noon_break_and_a_late_opening():
    salle = SalleFactory(maison__horaires=False)
    for ouvre, ferme in [(time(10), time(12)), (time(14), time(18, 30))]:
        Horaire.objects.create(maison=salle.maison, jour=DAY.weekday(), ouvre=ouvre, ferme=ferme)

    assert told(salle) == [
        ("ferme", "09:00", "10:00"),
        ("libre", "10:00", "12:00"),
        ("ferme", "12:00", "14:00"),
        ("libre", "14:00", "18:30"),
        ("ferme", "18:30", "21:00"),
    ]


def test_a_booking_is_taken_without_a_name_and_its_buffer_with_it():
    salle = SalleFactory(battement=timedelta(minutes=15))
    ReservationFactory(salle=salle, debut=at(14), fin=at(16))

    spans = Disponibilites(salle.maison, DAY).spans(salle, DAY)

    assert [s.titre for s in spans] == ["libre", "rangement", "occupé", "libre"]
    assert (spans[2].debut, spans[3].debut) == (at(14), at(16, 30))


def test_a_public_event_is_named_and_holds_the_parts_of_its_room():
    whole = SalleFactory()
    half = SalleFactory(maison=whole.maison, partie_de=whole)
    event = EvenementFactory(maison=whole.maison, titre="Concert")
    OccurrenceFactory(evenement=event, salle=whole, debut=at(20), fin=at(22))
    planning.publish(event)

    spans = Disponibilites(whole.maison, DAY).spans(half, DAY)

    assert [(s.etat, s.titre) for s in spans] == [("libre", "libre"), ("evenement", "Concert")]


@pytest.mark.parametrize("who", ["room", "its half", "house"])
def test_a_closure_is_told_with_its_reason(who):
    salle = SalleFactory()
    half = SalleFactory(maison=salle.maison, partie_de=salle)
    closed = {"room": salle, "its half": half}.get(who)
    planning.close(
        Fermeture(maison=salle.maison, salle=closed, debut=at(0), fin=at(12), motif="travaux")
    )

    spans = Disponibilites(salle.maison, DAY).spans(salle, DAY)

    assert [s.titre for s in spans] == ["fermé : travaux", "libre"]


def test_the_notice_and_the_horizon_close_what_the_form_would_refuse():
    salle = SalleFactory(preavis=timedelta(days=2), horizon=12)
    states = {on: told(salle, on)[0][0] for on in (date(2026, 1, d) for d in (4, 6, 8, 17, 18))}

    assert list(states.values()) == ["ferme", "ferme", "libre", "libre", "ferme"]


def test_a_shared_hall_is_free_until_it_is_full():
    hall = SalleFactory(partagee=True, capacite=10)
    ReservationFactory(salle=hall, debut=at(10), fin=at(12), personnes=6)
    ReservationFactory(salle=hall, debut=at(11), fin=at(12), personnes=4)

    assert told(hall) == [
        ("libre", "08:00", "11:00"),
        ("pris", "11:00", "12:00"),
        ("libre", "12:00", "22:00"),
    ]


@pytest.mark.parametrize(("personnes", "free_until"), [(4, "22:00"), (5, "10:00")])
def test_a_shared_hall_is_free_for_as_many_as_it_still_holds(personnes, free_until):
    hall = SalleFactory(partagee=True, capacite=10)
    ReservationFactory(salle=hall, debut=at(10), fin=at(12), personnes=6)

    first = Disponibilites(hall.maison, DAY).free(hall, DAY, personnes)[0]

    assert f"{first.fin:%H:%M}" == free_until


@pytest.mark.parametrize("count", [1, 3])
def test_several_houses_are_read_in_four_statements(django_assert_num_queries, count):
    rooms = SalleFactory.create_batch(count)
    for room in rooms:
        ReservationFactory(salle=room, debut=at(8), fin=at(12))
        ReservationFactory(debut=at(12), fin=at(14))  # of a house that is not asked for

    with django_assert_num_queries(4):
        known = Disponibilites([room.maison for room in rooms], DAY)
        free = [known.free(room, DAY) for room in rooms]

    assert [[(f"{s.debut:%H:%M}", f"{s.fin:%H:%M}") for s in spans] for spans in free] == [
        [("12:00", "22:00")]
    ] * count


@pytest.mark.parametrize("on", [date(2026, 3, 29), date(2026, 10, 25)])
def test_local_hours_hold_when_the_hour_changes(on):
    salle = SalleFactory(horizon=365)
    ReservationFactory.create(salle=salle, debut=at(14, on=on), fin=at(16, on=on))

    assert told(salle, on) == [
        ("libre", "08:00", "14:00"),
        ("pris", "14:00", "16:00"),
        ("libre", "16:00", "22:00"),
    ]


def test_every_free_span_offered_can_be_booked():
    salle = SalleFactory(battement=timedelta(minutes=20))
    for hour in (9, 13, 17):
        ReservationFactory(salle=salle, debut=at(hour, 10), fin=at(hour, 50))

    free = Disponibilites(salle.maison, DAY).free(salle, DAY)

    assert len(free) == 4
    for span in free:
        assert ReservationFactory(salle=salle, debut=span.debut, fin=span.fin)


def test_the_time_to_tidy_up_before_the_next_use_is_not_offered():
    salle = SalleFactory(battement=timedelta(minutes=20))
    ReservationFactory(salle=salle, debut=at(12), fin=at(14))

    assert told(salle)[:3] == [
        ("libre", "08:00", "11:30"),
        ("ferme", "11:30", "12:00"),
        ("pris", "12:00", "14:00"),
    ]


def test_a_whole_room_is_taken_while_one_of_its_parts_is():
    whole = SalleFactory()
    half = SalleFactory(maison=whole.maison, partie_de=whole, battement=timedelta(minutes=30))
    ReservationFactory(salle=half, debut=at(14), fin=at(16))

    assert told(whole) == [
        ("libre", "08:00", "13:30"),
        ("ferme", "13:30", "14:00"),
        ("pris", "14:00", "16:00"),
        ("libre", "16:30", "22:00"),
    ]


def test_without_a_day_the_planning_opens_on_the_first_with_something_free(client):
    VilleFactory()
    salle = SalleFactory()
    Horaire.objects.filter(maison=salle.maison, jour__in=[0, 1]).delete()  # 5 January: a Monday

    context = client.get(reverse("maisons:planning", args=[salle.maison.slug])).context

    assert context["day"] == date(2026, 1, 7)


@pytest.mark.parametrize("jour", ["2026-02-30", "demain", "9999-12-31", "0001-01-01", ""])
def test_a_day_that_does_not_exist_is_no_error(client, jour):
    VilleFactory()
    salle = SalleFactory()

    for url in (reverse("maisons:planning", args=[salle.maison.slug]), salle.get_absolute_url()):
        assert client.get(url, {"jour": jour}).status_code == 200


def test_each_free_span_says_weekday_date_hours_and_room(client):
    VilleFactory()
    salle = SalleFactory(nom="Atelier")

    page = client.get(salle.get_absolute_url(), {"jour": DAY.isoformat()}).content.decode()

    assert 'aria-label="8\u00a0h – 22\u00a0h libre, Atelier, jeudi 15 janvier"' in page


class TestAlternatives:
    """Three others for somebody who lost a span, the nearest first (B19)."""

    @pytest.fixture
    def lost(self):
        return ReservationFactory(debut=at(14), fin=at(16), personnes=10)

    def fill(self, salle, days=range(-7, 8)):
        for rank in days:
            on = DAY + timedelta(days=rank)
            Fermeture.objects.create(
                maison=salle.maison, salle=salle, debut=at(0, on=on), fin=at(23, on=on)
            )

    def near(self, lost, degrees, **fields):
        lost.maison.longitude, lost.maison.latitude = 3.87, 43.61
        lost.maison.save()
        place = {"maison__longitude": 3.87, "maison__latitude": 43.61 + degrees}
        return SalleFactory(**place | fields)

    def test_its_room_on_the_same_day_the_nearest_hour_first(self, lost):
        ReservationFactory(salle=lost.salle, debut=at(13), fin=at(14))

        assert alternatives(lost, most=2) == [
            (lost.salle, at(16), at(18)),
            (lost.salle, at(11), at(13)),
        ]

    def test_then_its_house_then_the_days_around(self, lost):
        self.fill(lost.salle, days=[0])
        other = SalleFactory(maison=lost.maison)

        assert alternatives(lost, most=2) == [
            (other, at(14), at(16)),
            (lost.salle, at(14, on=DAY - timedelta(days=1)), at(16, on=DAY - timedelta(days=1))),
        ]

    def test_then_the_nearest_houses(self, lost):
        self.fill(lost.salle)
        far, close = self.near(lost, 0.03), self.near(lost, 0.01)

        assert alternatives(lost, most=2) == [(close, at(14), at(16)), (far, at(14), at(16))]

    @pytest.mark.parametrize(
        "fields",
        [{"capacite": 9}, {"reservable": False}, {"duree_max": timedelta(hours=1)}],
    )
    def test_what_would_be_refused_is_not_offered(self, lost, fields):
        self.fill(lost.salle)
        SalleFactory(maison=lost.maison, **fields)

        assert alternatives(lost) == []

    @pytest.mark.parametrize("elsewhere", [False, True], ids=["in its house", "elsewhere"])
    def test_as_many_statements_for_one_house_as_for_three(
        self, lost, elsewhere, django_assert_num_queries
    ):
        if elsewhere:
            self.fill(lost.salle)
        for rank, statements in enumerate([11, 11] if elsewhere else [5, 5]):
            for degrees in (0.01, 0.02, 0.03)[: 1 + rank * 2]:
                self.near(lost, degrees)
            lost.maison._prefetched_objects_cache = {}

            with django_assert_num_queries(statements):
                assert len(alternatives(lost)) == 3
