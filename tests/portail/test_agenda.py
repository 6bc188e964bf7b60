"""What is on: windows, filters, order, counts, and what must stay out (F10, F11, X6)."""

from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from maisons import planning
from maisons.models import Creneau, Evenement
from tests.factories import (
    EvenementFactory,
    MaisonFactory,
    MiseADispositionFactory,
    OccurrenceFactory,
    QuartierFactory,
    ReservationFactory,
    SalleFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db
URL = "/agenda/"


@pytest.fixture(autouse=True)
def ville():
    return VilleFactory()


def at(day, hour=0, minute=0):
    return datetime.combine(day, time(hour, minute), ZoneInfo("Europe/Paris"))


def held_on(debut, hours=2, titre="Café tricot", facts=(), **place):
    """A published event with some facts and one date; in a room of a new house unless told."""
    if place.get("salle"):
        place["maison"] = place["salle"].maison
    maison = place.setdefault("maison", MaisonFactory())
    if "portee" not in place:
        place.setdefault("salle", SalleFactory(maison=maison))
    event = EvenementFactory(titre=titre, maison=maison, **dict(facts))
    held = OccurrenceFactory(
        evenement=event, debut=debut, fin=debut + timedelta(hours=hours), **place
    )
    planning.publish(event)
    return held


def titles(response):
    agenda = response.context["agenda"]
    return [
        row.titre for row in [*agenda.lasting, *(row for _, rows in agenda.days for row in rows)]
    ]


def test_a_week_from_today_by_default(client):
    today = timezone.localdate()
    for days in (-1, 0, 6, 7):
        held_on(at(today + timedelta(days=days), 10), titre=f"J{days}")

    assert titles(client.get(URL)) == ["J0", "J6"]


def test_a_past_window_shows_what_was(client):
    held_on(at(date(2022, 5, 16), 10), titre="Fête d’alors")

    response = client.get(URL, {"du": "2022-05-16"})

    assert titles(response) == ["Fête d’alors"]
    assert "lundi 16 mai 2022" in response.content.decode()


def test_the_last_day_of_the_year_is_not_the_end(client):
    held_on(at(date(2026, 12, 31), 20), hours=8, titre="Réveillon")

    for du in ("2026-12-31", "2027-01-01"):
        response = client.get(URL, {"du": du, "au": du})
        assert titles(response) == ["Réveillon"]
        assert response.context["agenda"].days[0][0] == date.fromisoformat(du)


def test_what_lasts_days_comes_first_under_its_own_heading(client):
    today = timezone.localdate()
    held_on(at(today, 9), titre="Café")
    place = {"portee": "sans_salle", "salle": None, "maison": MaisonFactory()}
    held_on(
        at(today - timedelta(days=9)),
        hours=24 * 20,
        titre="Exposition",
        heure_connue=False,
        **place,
    )

    response = client.get(URL)

    assert titles(response) == ["Exposition", "Café"]
    assert "En ce moment" in response.content.decode()


@pytest.mark.parametrize("on", [date(2026, 10, 25), date(2027, 3, 28)])
def test_a_day_without_hours_stays_one_day_when_the_hour_changes(client, on):
    place = {"portee": "sans_salle", "salle": None, "maison": MaisonFactory()}
    debut, fin = (at(day).astimezone(UTC) for day in (on, on + timedelta(days=1)))
    held_on(debut, hours=(fin - debut) / timedelta(hours=1), heure_connue=False, **place)

    response = client.get(URL, {"du": on.isoformat(), "au": on.isoformat()})

    assert response.context["agenda"].lasting == []
    assert "Journée" in response.content.decode()


class TestWhatStaysOut:
    """Fault 7: drafts and private créneaux, in the list and by a guessed address."""

    def test_drafts_and_bookings(self, client):
        draft = OccurrenceFactory(debut=at(timezone.localdate() + timedelta(days=1), 10))
        booking = ReservationFactory(debut=at(timezone.localdate() + timedelta(days=1), 10))

        assert titles(client.get(URL)) == []
        for hidden in (draft, booking):
            assert client.get(reverse("portail:agenda_entry", args=[hidden.pk])).status_code == 404
        assert client.get(draft.evenement.get_absolute_url()).status_code == 404

    @pytest.mark.parametrize("private", [ReservationFactory, MiseADispositionFactory])
    def test_nature_cannot_be_asked_for_what_is_private(self, client, private):
        nature = private().nature

        response = client.get(URL, {"nature": nature})

        assert titles(response) == []
        assert "n’est pas dans la liste" in response.content.decode()

    @pytest.mark.parametrize(
        "query", ["salle__maison__affectations__compte__courriel__startswith=a", "titre=x"]
    )
    def test_unknown_keys_change_nothing(self, client, query):
        held_on(at(timezone.localdate() + timedelta(days=1), 10))

        assert titles(client.get(f"{URL}?{query}")) == ["Café tricot"]


def test_a_cancelled_event_says_so_everywhere(client):
    held = held_on(at(timezone.localdate() + timedelta(days=1), 10))

    planning.cancel(held, Creneau.Motif.ORGANISATION, by=None)

    event = client.get(held.evenement.get_absolute_url()).content.decode()
    assert "<b>Annulé</b>" in client.get(URL).content.decode()
    assert "<title>Annulé : Café tricot" in event
    assert ">Annulé</b>" in event.split("</h1>")[0]


def test_a_row_leads_to_the_page_of_its_event(client):
    held = held_on(at(timezone.localdate() + timedelta(days=1), 10))

    response = client.get(reverse("portail:agenda_entry", args=[held.pk]))

    assert response["Location"] == held.evenement.get_absolute_url()


def test_one_change_shows_everywhere_on_the_next_request(client):
    held = held_on(at(timezone.localdate() + timedelta(days=1), 10), titre="Avant")
    event = Evenement.objects.get()
    pages = [URL, "/", event.get_absolute_url(), held.maison.get_absolute_url()]
    pages.append(held.quartier.get_absolute_url())

    event.titre = "Après"
    event.save()
    planning.describe(event)
    planning.move(held, debut=held.debut + timedelta(hours=1), fin=held.fin + timedelta(hours=1))

    for page in pages:
        text = client.get(page).content.decode()
        assert "Après" in text, page
        assert "Avant" not in text, page
        assert "11\u00a0h" in text, page


class TestFilters:
    @pytest.fixture
    def two(self):
        debut = at(timezone.localdate() + timedelta(days=2), 10)
        rives, gare = QuartierFactory(nom="Les Rives", slug="les-rives"), QuartierFactory()
        here = held_on(debut, titre="Élèves au jardin", maison=MaisonFactory(quartier=rives))
        there = held_on(debut, titre="Concert", maison=MaisonFactory(quartier=gare))
        return here, there

    def test_by_quartier_house_and_words(self, client, two):
        here, there = two
        for query in (
            {"quartier": "les-rives"},
            {"maison": here.maison.slug},
            {"q": "eleve"},
            {"quartier": ["les-rives"], "nature": ["evenement"], "q": "jardin"},
        ):
            assert titles(client.get(URL, query)) == [here.titre], query
        both = {"maison": [here.maison.slug, there.maison.slug]}
        assert len(titles(client.get(URL, both))) == 2

    def test_what_was_left_empty_filters_nothing(self, client, two):
        query = {"q": "", "du": "", "au": "", "maison": "", "quartier": ""}

        assert len(titles(client.get(URL, query))) == 2

    def test_says_in_words_what_is_shown_and_how_to_remove_it(self, client, two):
        response = client.get(URL, {"quartier": "les-rives", "q": "jardin"})

        number, words = response.context["agenda"].sentence
        page = response.content.decode()
        assert number == "1 rendez-vous"
        assert words.endswith("jardin, Les Rives.")
        assert "Retirer «\u00a0Les Rives\u00a0»" in page
        removals = {words: address for _, words, address in response.context["agenda"].removals}
        assert parse_qs(removals["Les Rives"][1:]) == {"q": ["jardin"]}

    def test_counts_stand_beside_the_options_and_empty_ones_are_not_offered(self, client, two):
        QuartierFactory(nom="Vide")

        response = client.get(URL)

        _, options = response.context["agenda"].lists["quartier"]
        offered = {words: number for _, words, _, number in options}
        assert offered["Les Rives"] == 1
        assert "Vide" not in offered

    def test_nothing_found_gives_the_next_date(self, client, two):
        here, _ = two
        day = (timezone.localtime(here.debut).date() - timedelta(days=1)).isoformat()

        response = client.get(URL, {"du": day, "au": day, "quartier": "les-rives"})

        assert response.context["agenda"].upcoming.titre == here.titre
        assert "Le prochain, à une autre date" in response.content.decode()

    @pytest.mark.parametrize(
        ("query", "sentence"),
        [
            ({"du": "2026-02-30"}, "Le jour « 30/02/2026 » n’existe pas"),
            ({"du": "demain"}, "n’existe pas"),
            ({"du": "2026-12-10", "au": "2026-12-01"}, "doit suivre la première"),
            ({"du": "2026-01-01", "au": "2026-12-31"}, "92 jours au plus"),
            ({"quartier": "nulle-part"}, "n’est pas dans la liste"),
            ({"q": "x" * 101}, "au plus 100 caractères"),
            ({"du": "9999-12-31"}, "n’existe pas"),
            ({"du": "0001-01-01"}, "n’existe pas"),
        ],
    )
    def test_what_cannot_be_read_is_told_and_left_out(self, client, two, query, sentence):
        response = client.get(URL, query)

        assert response.status_code == 200
        assert sentence in response.content.decode()

    @pytest.mark.parametrize("apres", ["x", "1_2026_1", "1__", "1_2026-01-01T00:00:00+00:00_z"])
    def test_a_broken_key_starts_from_the_beginning(self, client, two, apres):
        assert len(titles(client.get(URL, {"apres": apres}))) == 2


def test_going_further_misses_and_repeats_nothing(client):
    debut = at(timezone.localdate() + timedelta(days=1), 8)
    maison = MaisonFactory()
    for rank in range(45):
        salle = SalleFactory(maison=maison)
        held_on(debut + timedelta(minutes=rank // 3), titre=f"R{rank:02}", salle=salle)
    place = {"portee": "sans_salle", "salle": None, "maison": maison}
    held_on(debut - timedelta(days=3), hours=24 * 6, titre="Exposition", **place)

    first = client.get(URL)
    second = client.get(URL + first.context["agenda"].onward[1])

    assert (len(titles(first)), len(titles(second))) == (40, 6)
    assert len({*titles(first), *titles(second)}) == 46
    assert second.context["agenda"].lasting == []
    assert second.context["agenda"].onward[0].startswith("Jours suivants")


@pytest.mark.parametrize("count", [1, 3])
def test_the_agenda_costs_constant_queries(client, django_assert_num_queries, count):
    for _ in range(count):
        held_on(at(timezone.localdate() + timedelta(days=1), 10))

    with django_assert_num_queries(5):  # rows, counts, quartiers, houses, city
        response = client.get(URL)

    assert len(titles(response)) == count


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("page", "number"),
    [("/", 4), ("/maisons/", 5), ("/quartiers/", 5), ("house", 10), ("place", 9)],
)
def test_pages_cost_constant_queries(client, django_assert_num_queries, count, page, number):
    quartier = QuartierFactory()
    for _ in range(count):
        maison = MaisonFactory(quartier=quartier)
        for _ in range(count):
            held_on(at(timezone.localdate() + timedelta(days=1), 10), maison=maison)
    page = {"house": maison.get_absolute_url(), "place": quartier.get_absolute_url()}.get(
        page, page
    )

    with django_assert_num_queries(number):
        response = client.get(page)

    assert response.status_code == 200


def test_a_reading_page_sets_no_cookie(client):
    held = held_on(at(timezone.localdate() + timedelta(days=1), 10))
    pages = [URL, "/", "/maisons/", "/quartiers/", held.maison.get_absolute_url()]
    pages += [held.evenement.get_absolute_url(), held.salle.get_absolute_url()]

    for page in pages:
        response = client.get(page)
        assert not response.cookies, page
        assert "Cookie" not in response.headers.get("Vary", ""), page
