"""What every page keeps: caches, the city's name, health, and one name for one thing."""

import pytest
from django.db import connection
from django.urls import reverse

from comptes.models import Compte
from tests.factories import (
    CompteFactory,
    EvenementFactory,
    MaisonFactory,
    ReservationFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ville():
    return VilleFactory(telephone="04 65 71 00 00", horaires="de 9 h à 18 h")


def test_pages_with_a_name_stay_out_of_caches(client, ville):
    held = ReservationFactory()
    client.force_login(held.demandeur)

    for page in ("/mon-espace/", "/reservations/", held.get_absolute_url()):
        response = client.get(page)
        assert {"private", "no-store"} <= set(response["Cache-Control"].split(", ")), page


def test_who_is_signed_in_changes_nothing_on_a_reading_page(client, ville):
    house = MaisonFactory()
    pages = ["/", "/agenda/", house.get_absolute_url(), "/quartiers/", "/aide/"]
    anonymous = [client.get(page).content for page in pages]
    client.force_login(CompteFactory(nom="Camille O’Neill-Nguyễn"))

    assert [client.get(page).content for page in pages] == anonymous


def test_every_page_gives_a_number_to_call(client, ville):
    house = MaisonFactory(telephone="04 65 71 00 11")

    page = client.get(house.get_absolute_url()).content.decode()

    assert (
        '<a href="tel:+33465710000">04 65 71 00 00</a>, de 9 h à 18 h' in page.split("<footer")[1]
    )
    assert "04 65 71 00 11" in page.split("<footer")[1]


def test_the_demonstration_says_so(client, ville):
    assert "Démonstration" not in client.get("/").content.decode()
    ville.demonstration = True
    ville.save()

    assert "Démonstration" in client.get("/").content.decode()


def test_a_city_without_anything_yet_has_pages(client):
    for page in ("/", "/agenda/", "/maisons/", "/quartiers/", "/plan-du-site/"):
        assert client.get(page).status_code == 200, page


def test_health(client):
    told = {"base": "ok", "envois": "ok", "plus_longue_attente_s": 0}

    assert client.get("/sante/").json() == told


def test_an_account_has_one_spelling():
    Compte.objects.create_user(" Camille@Rivemont.Example ", nom="Camille")

    assert Compte.objects.get_by_natural_key("CAMILLE@rivemont.example").nom == "Camille"
    with connection.cursor() as cursor, pytest.raises(Exception, match="compte_courriel_minuscule"):
        cursor.execute("UPDATE comptes_compte SET courriel = 'Camille@rivemont.example'")


@pytest.mark.parametrize(
    ("source", "kept", "lost"),
    [
        ("**gras**", "<strong>gras</strong>", "**"),
        ("<script>alert(1)</script>", "&lt;script&gt;", "<script"),
        ("[clic](javascript:alert(1))", "clic", 'href="javascript'),
        ("[site](https://rivemont.example)", 'href="https://rivemont.example"', "onclick"),
        ('<p style="color:red">collé</p>', "collé", "<p style"),
    ],
)
def test_what_staff_paste_stays_text(client, ville, source, kept, lost):
    event = EvenementFactory(publie=True, description=source)

    page = client.get(event.get_absolute_url()).content.decode().split("<main")[1].split("<dl")[0]

    assert kept in page
    assert lost not in page


def test_the_longest_title_has_a_page(client, ville):
    event = EvenementFactory(publie=True, titre="é" * 120)

    assert client.get(event.get_absolute_url()).status_code == 200
    assert client.get(reverse("portail:agenda"), {"q": "é" * 100}).status_code == 200
