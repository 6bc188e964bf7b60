"""What nobody should type, where the forms do not look: never an error page, nothing written."""

from uuid import uuid4

import pytest
from django.urls import reverse

from tests.factories import AffectationFactory, VilleFactory
from tests.portail.voisines import contents, house

pytestmark = pytest.mark.django_db

LONG = "9" * 5_000  # more digits than Python reads as a number
HOSTILE = ["a" * 10_000, LONG, "a@" + "b." * 200 + "fr", "\0", "²", "[]", "0001-01-01", "abc"]


@pytest.fixture(scope="module")
def here(standing):
    return standing(lambda: VilleFactory() and house())


@pytest.fixture
def agent(client, here):
    client.force_login(AffectationFactory(maison=here["maison"]).compte)


@pytest.mark.parametrize("contact", HOSTILE)
def test_the_desk_says_how_a_contact_is_written(client, here, agent, contact):
    typed = {"nom": "Linh", "contact": contact, "jeton": uuid4(), "etape": "reserver"}
    before = contents()

    response = client.post(reverse("admin:guichet_create", args=[here["maison"].slug]), typed)

    assert response.status_code == 200
    assert "contact" in response.context["form"].errors or contact == "\0"
    assert contents() == before


@pytest.mark.parametrize("step", ["meme", "reprendre"])
def test_the_desk_takes_no_forged_person(client, here, agent, step):
    path = reverse("admin:guichet_create", args=[here["maison"].slug])

    answered = {client.post(path, {"etape": f"{step}:{key}"}).status_code for key in HOSTILE}

    assert answered == {200}


def test_a_forged_date_is_not_put_back(client, here, agent):
    path = reverse("admin:maisons_serie_put_back", args=[here["serie"].pk])
    before = contents()

    answered = {client.post(path, {"ecartee": key}).status_code for key in HOSTILE}

    assert answered == {404}
    assert contents() == before


def test_a_booking_is_not_moved_to_a_forged_room(client, here):
    client.force_login(here["compte"])
    path, before = f"{here['reservation'].get_absolute_url()}deplacer/", contents()

    answered = {client.post(path, {"salle": key}).status_code for key in HOSTILE}

    assert answered == {200}
    assert contents() == before


@pytest.mark.parametrize("model", ["evenement", "fermeture", "reservation", "salle", "serie"])
def test_what_is_no_key_is_no_row(client, here, agent, model):
    response = client.get(reverse(f"admin:maisons_{model}_change", args=["abc"]))

    assert response.status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        *["/maisons/?quartier=%00", "/agenda/?q=%00", "/agenda/?apres=%00"],
        *["/salles/?pres_de=%00", "/remarque/?page=a%00"],
    ],
)
def test_an_address_with_a_nul_is_not_understood(client, here, path):
    assert client.get(path).status_code == 400
    assert client.post(path, {"avis": "oui"}).status_code == 400
