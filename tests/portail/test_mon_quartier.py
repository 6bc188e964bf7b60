"""« Mon quartier »: in the session once chosen, never before; the agenda stays the same for all."""

import pytest
from django.urls import reverse

from tests.factories import QuartierFactory, VilleFactory

pytestmark = pytest.mark.django_db
URL = "/mon-quartier/"


@pytest.fixture(autouse=True)
def rives():
    VilleFactory()
    QuartierFactory(nom="Gare", slug="gare")
    return QuartierFactory(nom="Les Rives", slug="les-rives")


def test_nothing_is_kept_before_a_choice(client):
    page = client.get(URL)

    assert page.status_code == 200
    assert "session" not in page.cookies
    assert "no-store" in page["Cache-Control"]


def test_once_chosen_it_leads_to_its_agenda(client):
    chosen = client.post(URL, {"quartier": "les-rives"})
    again = client.get(URL)

    for answer in (chosen, again):
        assert answer["Location"] == reverse("portail:agenda") + "?quartier=les-rives"
        assert "no-store" in answer["Cache-Control"]


def test_it_can_be_changed_and_forgotten(client):
    client.post(URL, {"quartier": "les-rives"})

    assert "Oublier mon quartier" in client.get(URL, {"changer": ""}).content.decode()
    client.post(URL, {"quartier": "gare"})
    assert client.get(URL)["Location"].endswith("?quartier=gare")
    client.post(URL, {"oublier": ""})
    assert client.get(URL).status_code == 200


@pytest.mark.parametrize("typed", [{}, {"quartier": "nulle-part"}, {"quartier": ""}])
def test_what_is_not_a_quartier_is_told_and_kept_nowhere(client, typed):
    answer = client.post(URL, typed)

    assert "Choisissez un quartier" in answer.content.decode()
    assert "quartier" not in client.session


def test_a_quartier_that_is_gone_is_told_by_the_agenda(client, rives):
    client.post(URL, {"quartier": "les-rives"})
    rives.delete()

    page = client.get(URL, follow=True).content.decode()

    assert "« les-rives » n’est pas dans la liste" in page


def test_the_agenda_does_not_change_with_it(client):
    before = client.get("/agenda/").content
    client.post(URL, {"quartier": "les-rives"})

    assert client.get("/agenda/").content == before
