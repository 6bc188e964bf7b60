"""Find a room: which are free, in which order, what is offered when none is (B1, B3, F3, F4)."""

import re
from datetime import date, datetime, time, timedelta
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from maisons.models import Horaire, Salle
from tests.factories import (
    EvenementFactory,
    FermetureFactory,
    MaisonFactory,
    OccurrenceFactory,
    QuartierFactory,
    ReservationFactory,
    SalleFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 15)


@pytest.fixture(autouse=True)
def thursday_in_ten_days(time_machine):
    time_machine.move_to(at(8, on=date(2026, 1, 5)))
    VilleFactory(telephone="04 65 71 00 00")


def at(hour, minute=0, on=DAY):
    return datetime.combine(on, time(hour, minute), ZoneInfo("Europe/Paris"))


def square(longitude, latitude):
    """The outline of a quartier around a place."""
    west, east, south, north = longitude - 1, longitude + 1, latitude - 1, latitude + 1
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


@pytest.fixture
def search(client):
    """Ask for a day (15 January unless told); the search as the page shows it."""

    def ask(**asked):
        asked = {"jour": DAY.isoformat()} | asked
        response = client.get(reverse("maisons:salle_search"), asked)
        assert response.status_code == 200
        return response.context["search"]

    return ask


def names(search):
    return [room.nom for room, _ in search.results]


def hours(search):
    """The free spans of the only room found."""
    ((_, offers),) = search.results
    paris = ZoneInfo("Europe/Paris")
    return [
        (f"{o.debut.astimezone(paris):%H:%M}", f"{o.fin.astimezone(paris):%H:%M}") for o in offers
    ]


ROOM = {"capacite": 20, "equipements": "Évier, Vidéo-projecteur", "plain_pied": True}


@pytest.mark.parametrize(
    ("room", "asked", "found"),
    [
        ({}, {}, True),
        ({}, {"personnes": 20}, True),
        ({"capacite": 19}, {"personnes": 20}, False),
        ({}, {"equipement": "evier"}, True),
        ({}, {"equipement": "ÉVIER"}, True),
        ({}, {"equipement": ["evier", "video-projecteur"]}, True),
        ({}, {"avec": "evier"}, True),
        ({"equipements": "vidéo-projecteur"}, {"equipement": "evier"}, False),
        ({"equipements": ""}, {"equipement": "evier", "avec": "video-projecteur"}, False),
        ({}, {"plain_pied": "on"}, True),
        ({"plain_pied": None}, {"plain_pied": "on"}, False),
        ({"plain_pied": False}, {"plain_pied": "on"}, False),
        ({"maison__plain_pied": False}, {"plain_pied": "on"}, False),
        ({"duree_max": timedelta(hours=4)}, {"duree": 240}, True),
        ({"duree_max": timedelta(hours=3)}, {"duree": 240}, False),
        ({"horizon": 10}, {}, True),
        ({"horizon": 9}, {}, False),
        ({"preavis": timedelta(days=10, hours=14)}, {"duree": 60}, False),
        ({"reservable": False}, {}, False),
        ({}, {"de": "20:00"}, True),
        ({}, {"de": "20:30"}, False),
    ],
)
def test_a_room_is_found_when_it_has_what_is_wanted(search, room, asked, found):
    SalleFactory(nom="Elsewhere", **ROOM)  # which makes each word and length known
    wanted = SalleFactory(**ROOM | room)

    assert (wanted.nom in names(search(**asked))) is found


@pytest.mark.parametrize(
    ("use", "spans"),
    [
        ("a booking", [("08:00", "10:00"), ("12:30", "22:00")]),
        ("of its half", [("08:00", "10:00"), ("12:00", "22:00")]),
        ("a closure", [("08:00", "10:30"), ("12:00", "22:00")]),
        ("of its half, closed", [("08:00", "10:30"), ("12:00", "22:00")]),
    ],
)
def test_what_holds_a_room_or_its_half_leaves_the_rest_of_the_day(search, use, spans):
    salle = SalleFactory(battement=timedelta(minutes=30), capacite=20)
    half = SalleFactory(maison=salle.maison, partie_de=salle, capacite=5)
    place = half if "half" in use else salle
    if "close" in use or "closure" in use:
        FermetureFactory(maison=salle.maison, salle=place, debut=at(10, 30), fin=at(12))
    else:
        ReservationFactory(salle=place, debut=at(10, 30), fin=at(12))

    assert hours(search(personnes=6)) == spans


@pytest.mark.parametrize(
    ("personnes", "spans"), [(4, [("08:00", "22:00")]), (5, [("12:00", "22:00")])]
)
def test_a_shared_hall_is_found_for_as_many_as_it_still_holds(search, personnes, spans):
    hall = SalleFactory(partagee=True, capacite=10)
    ReservationFactory(salle=hall, debut=at(8), fin=at(12), personnes=6)

    assert hours(search(personnes=personnes)) == spans


def test_each_span_holds_the_length_and_begins_at_the_hour_asked_for(search):
    salle = SalleFactory()
    for hour in (9, 12, 16):
        ReservationFactory(salle=salle, debut=at(hour), fin=at(hour + 1))

    assert hours(search(duree=180)) == [("13:00", "16:00"), ("17:00", "22:00")]
    assert hours(search(duree=180, de="13:30")) == [("17:00", "22:00")]


def test_every_span_offered_opens_the_form_filled_in_and_can_be_booked(search):
    salle = SalleFactory(battement=timedelta(minutes=20))
    ReservationFactory(salle=salle, debut=at(12), fin=at(14))

    ((_, offers),) = search(duree=180, personnes=7).results

    queries = [{name: value for name, (value,) in parse_qs(o.query).items()} for o in offers]
    day = {"jour": "2026-01-15", "personnes": "7"}
    assert queries == [{"de": "08:00", "a": "11:00"} | day, {"de": "14:30", "a": "17:30"} | day]
    for offer in offers:
        ReservationFactory(salle=salle, debut=offer.debut, fin=offer.debut + timedelta(hours=3))


def test_the_chosen_quartier_comes_first_then_the_nearest_house_then_the_best_fit(search):
    near = QuartierFactory(contour=square(2, 46))
    places = [("Far", 3, 47), ("Close", 2.5, 46), ("Without a place", None, None)]
    houses = {
        nom: MaisonFactory(nom=nom, longitude=longitude, latitude=latitude)
        for nom, longitude, latitude in places
    }
    houses["Of the quartier"] = MaisonFactory(nom="Z", quartier=near, longitude=9, latitude=40)
    for nom, maison in houses.items():
        SalleFactory(nom=f"{nom}, 30", maison=maison, capacite=30)
        SalleFactory(nom=f"{nom}, 8", maison=maison, capacite=8)

    found = names(search(pres_de=near.slug))

    order = ["Of the quartier", "Close", "Far", "Without a place"]
    assert found == [f"{nom}, {places}" for nom in order for places in (8, 30)]


def test_without_a_quartier_houses_come_by_name_whatever_their_accents(search):
    for nom in ("Été", "bords", "Zinc", "Atelier"):
        SalleFactory(nom=nom, maison=MaisonFactory(nom=nom))

    assert names(search()) == ["Atelier", "bords", "Été", "Zinc"]


def test_without_a_day_today_then_the_first_that_has_something(client):
    salle = SalleFactory(preavis=timedelta(hours=2))
    later = SalleFactory(capacite=90, preavis=timedelta(days=3))
    url = reverse("maisons:salle_search")

    today = client.get(url).context["search"]
    first = client.get(url, {"personnes": 90}).context["search"]

    assert (today.day, names(today)) == (date(2026, 1, 5), [salle.nom])
    assert (first.day, names(first)) == (date(2026, 1, 8), [later.nom])
    assert first.form["jour"].value() == "2026-01-08"


class TestNothingFree:
    @pytest.fixture
    def salle(self):
        """Open on Thursdays from 9 to 12 h and on Saturdays all day."""
        salle = SalleFactory(maison__horaires=False, equipements="évier", capacite=20)
        for jour, ferme in ((3, 12), (5, 20)):
            Horaire.objects.create(maison=salle.maison, jour=jour, ouvre=time(9), ferme=time(ferme))
        return salle

    def test_the_nearest_days_are_linked_in_order(self, client, search, salle):
        asked = {"jour": "2026-01-13", "personnes": 3}

        found = search(**asked)

        assert found.results == []
        days = [day.isoformat() for day, _, _ in found.other_days]
        assert days == ["2026-01-10", "2026-01-15", "2026-01-17"]
        address = found.other_days[1][2]
        assert parse_qs(address[1:]) == {"jour": ["2026-01-15"], "personnes": ["3"]}
        page = client.get(reverse("maisons:salle_search"), asked).content.decode()
        assert "dès 9\u00a0h" in page
        assert "04 65 71 00 00" in page

    def test_the_criterion_that_costs_most_comes_first(self, search, salle):
        SalleFactory(nom="Small", maison=salle.maison, capacite=5, equipements="évier")
        SalleFactory(nom="Bare", maison=salle.maison, capacite=5)

        found = search(personnes=10, equipement="evier", de="12:00")

        assert [(c.words, number) for c, number in found.wider] == [("à partir de 12\u00a0h", 1)]
        found = search(personnes=20, plain_pied="on", equipement="evier")
        assert [(c.words, number) for c, number in found.wider] == [("de plain-pied", 1)]

    def test_rooms_that_cannot_be_booked_are_no_way_out(self, search, salle):
        Salle.objects.update(reservable=False)
        SalleFactory(preavis=timedelta(days=90))

        found = search()

        assert (found.results, found.other_days, found.wider) == ([], [], [])


def test_what_is_shown_is_told_in_words_and_each_filter_can_be_removed(client):
    near = QuartierFactory(nom="Les Rives", slug="les-rives")
    SalleFactory(equipements="Évier", plain_pied=True)
    asked = {"jour": "2026-01-15", "de": "14:00", "duree": "60", "personnes": "8"}
    asked |= {"equipement": "evier", "plain_pied": "on", "pres_de": near.slug}

    response = client.get(reverse("maisons:salle_search"), asked)

    search, page = response.context["search"], response.content.decode()
    words = "pendant 1 heure, à partir de 14\u00a0h, 8 personnes, Évier, de plain-pied, près de Les"
    assert search.sentence == ("1 salle libre", f"jeudi 15 janvier, {words} Rives.")
    removed = [asked.keys() - parse_qs(c.address[1:]).keys() for c in search.criteria]
    assert {name for names in removed for name in names} == asked.keys() - {"jour"}
    assert page.count("Retirer «\u00a0") == 6


BAD = [
    ({"jour": "2026-02-31"}, "jour", "Le jour « 31/02/2026 » n’existe pas"),
    ({"jour": "demain"}, "jour", "Le jour « demain » n’existe pas"),
    ({"jour": "9999-12-31"}, "jour", "Le jour « 31/12/9999 » n’existe pas"),
    ({"jour": "2026-01-04"}, "jour", "Ce jour est passé"),
    ({"jour": "2027-01-04"}, "jour", "au plus 92 jours à l’avance\u00a0: jusqu’au mardi 7 avril"),
    ({"personnes": "0"}, "personnes", "au moins une personne"),
    ({"personnes": "-3"}, "personnes", "au moins une personne"),
    ({"personnes": "10000"}, "personnes", "La plus grande salle accueille 20 personnes"),
    ({"personnes": "9" * 5000}, "personnes", "Écrivez un nombre"),
    ({"personnes": "douze"}, "personnes", "Écrivez un nombre"),
    ({"duree": "600"}, "duree", "Aucune salle ne se réserve plus de 4 heures"),
    ({"duree": "x"}, "duree", "Aucune salle ne se réserve plus de 4 heures"),
    ({"de": "25:00"}, "de", "Choisissez une heure de la liste"),
    ({"equipement": "Jacuzzi"}, "equipement", "Aucune salle n’a «"),
    ({"avec": "jacuzzi"}, "equipement", "Aucune salle n’a «"),
    ({"pres_de": "nulle-part"}, "pres_de", "Choisissez dans la liste"),
]


@pytest.mark.parametrize(("asked", "field", "sentence"), BAD)
def test_what_cannot_be_is_told_beside_its_field_and_kept(client, asked, field, sentence):
    SalleFactory()

    response = client.get(reverse("maisons:salle_search"), asked)

    form, page = response.context["search"].form, response.content.decode()
    assert response.status_code == 200
    assert sentence.replace("\u00a0", " ") in form.errors[field][0].replace("\u00a0", " ")
    assert f'id="id_{field}_error"' in page
    assert "<title>Erreur" in page
    if field == "personnes":
        assert f'value="{asked[field]}"' in page
    if field == "equipement":
        assert form[field].value() == ["jacuzzi"]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("2026-01-04", "2026-01-04"), ("4/1/2026", "2026-01-04"), ("2026-02-31", ""), ("demain", "")],
)
def test_the_field_of_a_day_holds_what_a_browser_can_read(client, typed, shown):
    SalleFactory()

    page = client.get(reverse("maisons:salle_search"), {"jour": typed}).content.decode()

    [field] = re.findall('<input type="date" name="jour"[^>]*>', page)
    assert re.findall('value="(.*?)"', field) == ([shown] if shown else [])


@pytest.mark.parametrize("query", ["x=1", "page=99", "page=x", "equipement=%3F&duree=&jour="])
def test_what_means_nothing_changes_nothing(client, query):
    salle = SalleFactory()

    response = client.get(f"{reverse('maisons:salle_search')}?{query}")

    assert names(response.context["search"]) == [salle.nom]


def test_a_city_without_a_room_says_so(client):
    page = client.get(reverse("maisons:salle_search")).content.decode()

    assert "Aucune salle libre" in page
    assert "04 65 71 00 00" in page


def test_nothing_unpublished_shows(client):
    salle = SalleFactory()
    draft = EvenementFactory(maison=salle.maison, titre="Réunion secrète")
    OccurrenceFactory(evenement=draft, salle=salle, debut=at(8), fin=at(22))
    booked = ReservationFactory(salle=SalleFactory(), debut=at(8), fin=at(12))

    page = client.get(reverse("maisons:salle_search"), {"jour": DAY.isoformat()}).content.decode()

    assert "secrète" not in page
    assert booked.demandeur.nom not in page
    assert "Salle réservée" not in page


def test_each_span_says_its_hours_room_house_weekday_and_date(client):
    SalleFactory(nom="Atelier", maison__nom="Maison des Lavoirs")

    page = client.get(reverse("maisons:salle_search"), {"jour": DAY.isoformat()}).content.decode()

    name = "8\u00a0h – 22\u00a0h libre, Atelier, Maison des Lavoirs, jeudi 15 janvier"
    assert f'aria-label="{name}"' in page


@pytest.mark.parametrize("on", [date(2026, 3, 29), date(2026, 10, 25)])
def test_hours_are_those_of_the_place_when_the_hour_changes(search, on):
    salle = SalleFactory(horizon=365)
    ReservationFactory(salle=salle, debut=at(14, on=on), fin=at(16, on=on))

    found = search(jour=on.isoformat(), de="09:00")

    assert hours(found) == [("09:00", "14:00"), ("16:00", "22:00")]
    ((_, offers),) = found.results
    assert [parse_qs(o.query)["a"] for o in offers] == [["11:00"], ["18:00"]]


def test_twelve_rooms_a_page_and_the_links_keep_the_search(client):
    SalleFactory.create_batch(13, maison=MaisonFactory())
    asked = {"jour": DAY.isoformat(), "personnes": 3}

    first = client.get(reverse("maisons:salle_search"), asked)
    second = client.get(reverse("maisons:salle_search"), asked | {"page": 2})

    assert [len(r.context["page"].object_list) for r in (first, second)] == [12, 1]
    assert "?jour=2026-01-15&amp;personnes=3&amp;page=2" in first.content.decode()


def test_the_search_sets_no_cookie(client):
    SalleFactory()

    response = client.get(reverse("maisons:salle_search"), {"personnes": 3})

    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.parametrize("houses", [1, 3])
@pytest.mark.parametrize("rooms", [1, 3])
@pytest.mark.parametrize(
    ("asked", "number"),
    [({}, 7), ({"pres_de": "quartier"}, 8), ({"de": "20:30", "personnes": 2}, 10)],
)
def test_a_search_costs_constant_queries(
    client, django_assert_num_queries, houses, rooms, asked, number
):
    QuartierFactory(slug="quartier", contour=square(2, 46))
    for maison in MaisonFactory.create_batch(houses):
        for salle in SalleFactory.create_batch(rooms, maison=maison):
            ReservationFactory(salle=salle, debut=at(10), fin=at(12))

    with django_assert_num_queries(number):
        response = client.get(reverse("maisons:salle_search"), asked | {"jour": DAY.isoformat()})

    free = 0 if "de" in asked else houses * rooms
    assert len(response.context["search"].results) == free
