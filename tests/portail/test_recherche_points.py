"""In all the agendas: words, council, year, kind of item; never a draft; page after page."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.utils import timezone

from maisons.heures import starts_at
from portail.recherche.points import MANY, ROWS
from tests.factories import ConseilFactory, PointFactory, ReunionFactory, VilleFactory

pytestmark = pytest.mark.django_db
URL = "/conseils/recherche/"


@pytest.fixture(autouse=True)
def ville():
    return VilleFactory()


def ask(client, query=""):
    response = client.get(f"{URL}{query}")
    assert response.status_code == 200
    return response


def titles(response):
    return [re.sub("<.*?>", "", row.title) for row in response.context["points"].found]


def public(titre, texte="", days=-10, kind="information", **of):
    meeting = ReunionFactory(debut=timezone.now() + timedelta(days=days), publie=True, **of)
    meeting.points.update(titre=titre, texte=texte, type=kind)
    return meeting


def test_items_are_found_by_their_words_without_accents_and_marked(client):
    meeting = public("Éclairage du chemin", "Le halage sera **éclairé** l’hiver.")
    public("Fête du canal")

    response = ask(client, "?q=eclairage")

    [row] = response.context["points"].found
    assert row.title == "<mark>Éclairage</mark> du chemin"
    assert row.url == f"{meeting.get_absolute_url()}#point-1"
    assert str(meeting.conseil) in row.facts
    assert str(timezone.localtime(meeting.debut).year) in row.facts
    assert "1 point d’ordre du jour : « eclairage »." in response.content.decode().replace(
        "\u00a0", " "
    )


def test_the_passage_that_holds_the_words_is_shown(client):
    public("Divers", f"{'Rien à dire. ' * 40}La fontaine <b>coule</b> enfin.{' Voilà.' * 40}")

    [row] = ask(client, "?q=fontaine").context["points"].found

    assert "<mark>fontaine</mark>" in row.extract
    assert "<b>" not in row.extract


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["B", "A"]),
        ("?conseil=premier", ["A"]),
        ("?type=avis", ["B"]),
        ("?conseil=premier&type=avis", []),
        ("?conseil=inconnu&type=avis", ["B"]),
        ("?q=&conseil=&annee=&type=", ["B", "A"]),
        ("?apres=nimporte_quoi_1_2", ["B", "A"]),
        ("?apres=2026-01-01T00:00:00_1_2_3", ["B", "A"]),
    ],
)
def test_filters_add_up_and_what_cannot_be_read_is_left_out(client, query, found):
    public("A", conseil=ConseilFactory(slug="premier"))
    public("B", kind="avis", days=-3)

    assert titles(ask(client, query)) == found


def test_a_filter_that_is_not_known_is_told(client):
    page = ask(client, "?conseil=inconnu&annee=1789").content.decode()

    assert "« inconnu » n’est pas dans la liste." in page
    assert "« 1789 » n’est pas dans la liste." in page


def test_a_year_is_that_of_the_city(client):
    year = timezone.localdate().year - 1
    first = starts_at(timezone.localdate().replace(year=year, month=1, day=1))
    for debut in (first, first - timedelta(minutes=30)):
        ReunionFactory(debut=debut, publie=True).points.update(titre=f"{debut.isoformat()}")

    assert titles(ask(client, f"?annee={year}")) == [first.isoformat()]
    assert len(titles(ask(client, f"?annee={year - 1}"))) == 1


def test_a_draft_is_never_found(client):
    PointFactory(titre="Rachat de la halle", reunion=ReunionFactory(conseil__slug="secret"))

    for query in ("?q=rachat", "", "?conseil=secret"):
        assert titles(ask(client, query)) == []


def test_all_of_them_are_reached_page_after_page(client):
    meeting = public("Premier")
    for rank in range(2, 2 * ROWS + 4):
        PointFactory(reunion=meeting, titre=f"Sujet {rank}")
    seen, query = [], ""

    for _ in range(3):
        response = ask(client, query)
        seen += titles(response)
        query = response.context["points"].page[1]

    assert len(seen) == len(set(seen)) == 2 * ROWS + 3
    assert query is None
    assert MANY > 2 * ROWS


def test_nothing_found_says_what_to_do(client):
    page = ask(client, "?q=ornithorynque").content.decode()

    assert "Aucun point d’ordre du jour" in page
    assert "/recherche/?q=ornithorynque" in page


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("query", ["", "?q=sujet"])
def test_it_costs_constant_queries(client, django_assert_num_queries, count, query):
    for _ in range(count):
        ReunionFactory(publie=True)

    with django_assert_num_queries(5):  # councils, years, number, items, city
        response = client.get(f"{URL}{query}")

    assert len(titles(response)) == count


@pytest.mark.parametrize("typed", ["'", '"', "-", "!", "&|", "a" * 500, "\\", "%", "caf", "🏠"])
def test_odd_words_get_an_answer(client, typed):
    public("Bancs")

    assert client.get(f"{URL}?q={quote(typed)}").status_code == 200


def test_the_council_and_the_list_lead_there(client):
    meeting = public("Bancs")

    own = client.get(meeting.conseil.get_absolute_url()).content.decode()

    assert f"{URL}?conseil={meeting.conseil.slug}" in own
    assert f'href="{URL}"' in client.get("/conseils/").content.decode()
