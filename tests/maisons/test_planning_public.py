"""The plannings that everybody reads: by day, by week, and the first free span of each room."""

import re
from datetime import date, datetime, time, timedelta
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from maisons import planning
from maisons.models import Creneau, Fermeture, Horaire
from tests.factories import (
    EvenementFactory,
    MaisonFactory,
    OccurrenceFactory,
    ReservationFactory,
    SalleFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 1, 12)  # 5 January 2026, today, is one too
SUNDAY = MONDAY + timedelta(days=6)
LINK = re.compile(r'href="([^"]+/reserver/\?[^"]+)" aria-label="([^"]+)"')


@pytest.fixture(autouse=True)
def new_year(time_machine):
    time_machine.move_to(at(8, on=date(2026, 1, 5)))
    VilleFactory()


def at(hour, minute=0, on=MONDAY):
    return datetime.combine(on, time(hour, minute), ZoneInfo("Europe/Paris"))


def house_page(client, maison, **asked):
    return client.get(reverse("maisons:planning", args=[maison.slug]), asked)


def week(client, maison, on=MONDAY, **asked):
    return house_page(client, maison, vue="semaine", jour=on.isoformat(), **asked)


def room_week(client, salle, on=MONDAY):
    return client.get(salle.get_absolute_url(), {"vue": "semaine", "jour": on.isoformat()})


def read(response):
    return response.content.decode().replace("\u00a0", " ").replace("&amp;", "&")


def cells(response):
    """{room: [free spans of each day, or why there is none]}."""
    return {
        salle.nom: [[span.hours.replace("\u00a0", " ") for span in c.spans] or c.cause for c in row]
        for salle, row, _ in response.context["rows"]
    }


def close(maison, first, last, salle=None):
    span = {"debut": at(0, on=first), "fin": at(0, on=last + timedelta(days=1))}
    planning.close(Fermeture(maison=maison, salle=salle, motif="travaux", **span))


class TestWeekOfAHouse:
    def test_each_day_of_each_room_has_its_free_spans(self, client):
        busy = SalleFactory(nom="Atelier", capacite=30)
        SalleFactory(nom="Bureau", maison=busy.maison)
        ReservationFactory(salle=busy, debut=at(12), fin=at(14))

        shown = cells(week(client, busy.maison))

        assert shown["Atelier"] == [["8 h – 12 h", "14 h – 22 h"], *[["8 h – 22 h"]] * 6]
        assert shown["Bureau"] == [["8 h – 22 h"]] * 7

    def test_a_span_is_named_and_opens_the_form_filled_in(self, client):
        salle = SalleFactory(nom="Atelier")

        address, name = LINK.search(read(week(client, salle.maison))).groups()

        assert name == "8 h – 22 h libre, Atelier, lundi 12 janvier"
        assert urlsplit(address).path == f"{salle.get_absolute_url()}reserver/"
        asked = parse_qs(urlsplit(address).query)
        assert asked == {"jour": ["2026-01-12"], "de": ["08:00"], "a": ["10:00"]}

    def test_of_more_than_three_spans_two_are_shown(self, client):
        salle = SalleFactory()
        for hour in (9, 12, 15):
            ReservationFactory(salle=salle, debut=at(hour), fin=at(hour + 1))

        first = week(client, salle.maison).context["rows"][0][1][0]

        assert ([len(first.spans)], first.more) == ([2], 2)

    def test_a_day_without_any_says_why(self, client):
        salle = SalleFactory(nom="Atelier", horizon=10)
        Horaire.objects.filter(maison=salle.maison, jour=0).delete()
        close(salle.maison, MONDAY + timedelta(days=1), MONDAY + timedelta(days=1))
        event = EvenementFactory(maison=salle.maison)
        wednesday = MONDAY + timedelta(days=2)
        span = {"debut": at(8, on=wednesday), "fin": at(22, on=wednesday)}
        OccurrenceFactory(evenement=event, salle=salle, **span)

        shown = cells(week(client, salle.maison))["Atelier"]

        assert shown[:3] == ["fermé", "fermé : travaux", "complet"]
        assert shown[4:] == ["pas encore ouvert"] * 3

    def test_a_closed_week_leads_to_the_next_free_span(self, client):
        salle = SalleFactory(nom="Atelier")
        close(salle.maison, MONDAY, SUNDAY)

        page = week(client, salle.maison)

        assert cells(page) == {"Atelier": ["fermé : travaux"] * 7}
        assert "Rien de libre cette semaine-là" in read(page)
        assert read(page).count("Premier moment libre : lundi 19 janvier, 8 h – 22 h") == 2

    def test_a_holiday_is_named(self, client):
        salle = SalleFactory()

        page = read(week(client, salle.maison, on=date(2026, 4, 6)))

        assert "Lundi 6</a> <small>Lundi de Pâques" in page

    @pytest.mark.parametrize(
        ("on", "days"),
        [(date(2026, 12, 31), "du lundi 28 décembre au dimanche 3 janvier 2027"),  # ISO week 53
         (date(2026, 3, 29), "du lundi 23 au dimanche 29 mars"),
         (date(2026, 10, 25), "du lundi 19 au dimanche 25 octobre")],
    )  # fmt: skip
    def test_a_week_is_seven_days_over_a_new_year_and_when_the_hour_changes(self, client, on, days):
        salle = SalleFactory(nom="Atelier", horizon=365)
        ReservationFactory(salle=salle, debut=at(14, on=on), fin=at(16, on=on))

        page = week(client, salle.maison, on=on)

        shown = cells(page)["Atelier"]
        assert f"Semaine {days}" in read(page)
        assert shown.pop(on.weekday()) == ["8 h – 14 h", "16 h – 22 h"]
        assert shown == [["8 h – 22 h"]] * 6

    def test_days_that_are_past_are_left_out(self, client, time_machine):
        salle = SalleFactory()
        time_machine.move_to(at(8, on=date(2026, 1, 8)))

        page = week(client, salle.maison, on=date(2026, 1, 5))

        assert page.context["days"] == [date(2026, 1, day) for day in (8, 9, 10, 11)]
        assert page.context["previous"] is None

    def test_links_lead_no_further_than_one_may_book(self, client):
        salle = SalleFactory(horizon=20)  # 25 January

        weeks = [week(client, salle.maison, on=MONDAY + timedelta(days=n)) for n in (0, 7)]

        assert [page.context["next"] for page in weeks] == [date(2026, 1, 19), None]
        assert [page.context["previous"] for page in weeks] == [date(2026, 1, 5), MONDAY]

    def test_without_a_day_it_is_the_first_week_with_something_free(self, client):
        salle = SalleFactory()
        close(salle.maison, date(2026, 1, 5), date(2026, 1, 11))

        page = house_page(client, salle.maison, vue="semaine")

        assert page.context["days"][0] == MONDAY

    def test_paging_keeps_the_week(self, client):
        maison = MaisonFactory()
        SalleFactory.create_batch(13, maison=maison)

        page = week(client, maison)

        assert len(page.context["rows"]) == 12
        assert 'href="?vue=semaine&jour=2026-01-12&page=2"' in read(page)

    def test_a_house_without_rooms_says_so(self, client):
        assert "pas encore de salle à réserver" in read(week(client, MaisonFactory()))

    @pytest.mark.parametrize("asked", [{"jour": "2026-02-31"}, {"page": "x"}, {"vue": "mois"}])
    def test_an_address_that_means_nothing_is_no_error(self, client, asked):
        maison = SalleFactory().maison

        assert house_page(client, maison, **{"vue": "semaine"} | asked).status_code == 200


class TestWeekOfARoom:
    def test_each_free_span_says_weekday_date_hours_and_room(self, client):
        salle = SalleFactory(nom="Atelier")
        ReservationFactory(salle=salle, debut=at(12), fin=at(14))

        names = [name for _, name in LINK.findall(read(room_week(client, salle)))]

        assert names[:3] == [
            "8 h – 12 h libre, Atelier, lundi 12 janvier",
            "14 h – 22 h libre, Atelier, lundi 12 janvier",
            "8 h – 22 h libre, Atelier, mardi 13 janvier",
        ]
        assert len(names) == 8

    @pytest.mark.parametrize("on", [date(2026, 3, 29), date(2026, 10, 25)])
    def test_the_tracks_are_as_long_when_the_hour_changes(self, client, on):
        salle = SalleFactory(horizon=365)

        tracks = room_week(client, salle, on=on).context["tracks"]

        assert [[(s.rang, s.pas) for s in track["spans"]] for track in tracks] == [[(1, 28)]] * 7

    def test_the_whole_is_taken_with_its_parts(self, client):
        whole = SalleFactory(nom="Grande salle")
        half = SalleFactory(maison=whole.maison, partie_de=whole)
        ReservationFactory(salle=half, debut=at(8), fin=at(12))

        names = [name for _, name in LINK.findall(read(room_week(client, whole)))]

        assert names[0] == "12 h – 22 h libre, Grande salle, lundi 12 janvier"

    def test_a_shared_hall_is_free_until_it_is_full(self, client):
        hall = SalleFactory(nom="Hall", partagee=True, capacite=10)
        ReservationFactory(salle=hall, debut=at(8), fin=at(12), personnes=6)
        ReservationFactory(salle=hall, debut=at(10), fin=at(12), personnes=4)

        names = [name for _, name in LINK.findall(read(room_week(client, hall)))]

        assert [name.split(" libre")[0] for name in names[:2]] == ["8 h – 10 h", "12 h – 22 h"]


@pytest.mark.parametrize("vue", ["", "semaine"])
def test_nothing_private_is_shown(client, vue):
    salle = SalleFactory()
    ReservationFactory(salle=salle, debut=at(9), fin=at(11), demandeur__nom="Aïcha Benali")
    draft = EvenementFactory(maison=salle.maison, titre="Surprise")
    OccurrenceFactory(evenement=draft, salle=salle, debut=at(12), fin=at(14))
    asked = {"vue": vue, "jour": MONDAY.isoformat()}

    pages = [house_page(client, salle.maison, **asked), client.get(salle.get_absolute_url(), asked)]

    for page in map(read, pages):
        assert not re.search("Aïcha|Benali|Surprise", page)
    assert "occupé" in read(pages[1])


class TestFirstFreeSpan:
    def test_a_room_without_any_that_day_shows_its_next_one(self, client):
        salle = SalleFactory(nom="Atelier")
        SalleFactory(maison=salle.maison, nom="Bureau")
        close(salle.maison, MONDAY, MONDAY, salle=salle)

        page = read(house_page(client, salle.maison, jour=MONDAY.isoformat()))

        assert page.count("Premier moment libre") == 1
        assert "Premier moment libre : mardi 13 janvier, 8 h – 22 h" in page

    def test_beyond_two_weeks_it_is_looked_for_as_far_as_one_may_book(self, client):
        salle = SalleFactory(horizon=60)
        close(salle.maison, date(2026, 1, 5), date(2026, 2, 20))

        page = client.get(salle.get_absolute_url())

        assert page.context["first_free"].debut == at(8, on=date(2026, 2, 21))

    def test_without_any_the_page_says_until_when_and_who_to_call(self, client):
        salle = SalleFactory(horizon=20, maison__telephone="04 65 71 00 11")
        close(salle.maison, date(2026, 1, 5), date(2026, 2, 20))

        pages = [client.get(salle.get_absolute_url()), client.get(salle.maison.get_absolute_url())]

        for page in map(read, pages):
            assert "Rien de libre jusqu’au dimanche 25 janvier" in page
            assert 'Appelez la maison : <a href="tel:+33465710011">' in page

    def test_a_room_lent_by_the_desk_alone_is_asked_for_there(self, client):
        salle = SalleFactory(reservable=False)

        page = client.get(salle.get_absolute_url())

        assert page.context["first_free"] is None
        assert "Cette salle se demande à l’accueil de la maison" in read(page)

    def test_the_page_of_a_house_leads_to_the_form_filled_in(self, client):
        salle = SalleFactory()

        page = read(client.get(salle.maison.get_absolute_url()))

        assert f"{salle.get_absolute_url()}reserver/?jour=2026-01-05&de=10%3A30&a=12%3A30" in page

    def test_the_page_of_a_house_says_how_many_more_rooms_it_has(self, client):
        maison = MaisonFactory()
        SalleFactory.create_batch(14, maison=maison)

        page = read(client.get(maison.get_absolute_url()))

        assert page.count("Premier moment libre") == 12
        assert "Voir aussi 2 autres salles" in page

    @pytest.mark.parametrize("vue", ["", "semaine"])
    def test_days_that_are_over_offer_nothing(self, client, vue):
        salle = SalleFactory()

        page = client.get(salle.get_absolute_url(), {"vue": vue, "jour": "2025-12-10"})

        assert "Premier moment libre" not in read(page)
        assert LINK.search(read(page)) is None


class TestRules:
    @pytest.fixture
    def rules(self, client):
        def rules(**fields):
            salle = SalleFactory(**fields)
            moment = {"jour": MONDAY.isoformat(), "de": "10:00", "a": "12:00"}
            pages = salle.get_absolute_url(), f"{salle.get_absolute_url()}reserver/"
            return [re.sub("<[^>]+>", " ", read(client.get(page, moment))) for page in pages]

        return rules

    @pytest.mark.parametrize(
        ("fields", "told"),
        [
            ({"tarif": "12 € l’heure, gratuit pour les associations"}, "12 € l’heure, gratuit"),
            ({"preavis": timedelta(days=2)}, "au plus tard 2 jours avant"),
            ({"horizon": 30}, "jusqu’au mercredi 4 février"),
            ({"duree_max": timedelta(hours=3)}, "3 heures au plus"),
            ({"avec_accord": False}, "immédiate"),
            ({"avec_accord": True}, "de l’accueil de la maison, en trois jours au plus"),
            ({"maison__reservations_max": 1}, "1 réservation à venir au plus"),
            ({"battement": timedelta(minutes=30)}, "30 minutes gardées après vous"),
            ({"capacite": 45}, "45 personnes"),
            ({"equipements": "évier, piano"}, "évier, piano"),
            ({"plain_pied": True}, "de plain-pied"),
            ({"plain_pied": True, "maison__plain_pied": False}, "avec des marches"),
            ({}, "Accès  à demander à l’accueil"),
        ],
    )
    def test_each_is_told_on_the_room_and_before_the_form(self, rules, fields, told):
        for page in rules(**fields):
            assert told in page

    def test_what_does_not_apply_is_not_told(self, rules):
        for page in rules(maison__reservations_max=0, preavis=timedelta()):
            assert not re.search("Par personne|au plus tard|Rangement", page)


@pytest.mark.parametrize("count", [1, 5, 12])
@pytest.mark.parametrize("vue", ["", "semaine"])
def test_a_planning_costs_six_statements_for_any_number_of_rooms(
    client, count, vue, django_assert_num_queries
):
    maison = MaisonFactory()
    for room in SalleFactory.create_batch(count, maison=maison):
        ReservationFactory(salle=room, debut=at(12), fin=at(14))
    ReservationFactory(debut=at(12), fin=at(14))  # of a house that is not asked for

    with django_assert_num_queries(6):  # city, house, rooms, hours, closures, créneaux
        page = house_page(client, maison, vue=vue, jour=MONDAY.isoformat())

    assert len(LINK.findall(read(page))) == count * (8 if vue else 2)


@pytest.mark.parametrize("count", [1, 5])
def test_rooms_that_are_never_free_cost_two_statements_more(
    client, count, django_assert_num_queries
):
    maison = MaisonFactory()
    SalleFactory.create_batch(count, maison=maison)
    close(maison, date(2026, 1, 5), date(2026, 6, 1))

    with django_assert_num_queries(8):
        house_page(client, maison)


def test_a_use_of_the_whole_house_takes_its_shared_hall(client):
    hall = SalleFactory(partagee=True)
    event = EvenementFactory(maison=hall.maison, titre="Fête de la maison")
    whole = {"portee": Creneau.Portee.MAISON, "salle": None}
    OccurrenceFactory(evenement=event, debut=at(8), fin=at(20), **whole)
    planning.publish(event)

    page = house_page(client, hall.maison, jour=MONDAY.isoformat())

    assert "Fête de la maison" in read(page)
    assert [name.split(" libre")[0] for _, name in LINK.findall(read(page))] == ["20 h – 22 h"]
