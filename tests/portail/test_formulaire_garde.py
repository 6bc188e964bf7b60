"""A form sent after its cookie or its session is gone: what was typed is kept in the page."""

import re
from html import unescape

import pytest
from django.urls import reverse

from maisons.models import Reservation
from tests.connexion import SigningClient
from tests.factories import AffectationFactory, ReservationFactory, SalleFactory, VilleFactory
from tests.maisons.test_reservation import address, answers
from tests.maisons.test_sans_compte import visitor

pytestmark = pytest.mark.django_db
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
OURS = {"origin": "http://testserver"}
BULK = "/gestion/maisons/reservation/repondre/"


@pytest.fixture
def client():
    return SigningClient(enforce_csrf_checks=True)


@pytest.fixture
def salle():
    VilleFactory()
    return SalleFactory(capacite=20)


@pytest.fixture
def agent(client, salle):
    mandate = AffectationFactory(maison=salle.maison)
    client.force_login(mandate.compte)
    return mandate


def kept(page):
    """{name: values} that the page would send again, its token included."""
    found = {}
    for name, value in HIDDEN.findall(page.content.decode().split("<main")[1]):
        found.setdefault(name, []).append(unescape(value))
    return found


def at_the_desk(salle):
    typed = answers(salle=salle.pk, nom="Linh O'Neill <b>", contact="linh@exemple.fr")
    return typed | {"etape": "reserver", "outside_hours": "on"}


def test_without_an_account_it_is_sent_again_and_booked_once(client, salle):
    typed = visitor(nom='Camille "d\'Angelo"')

    expired = client.post(address(salle), typed, headers=OURS)
    again = kept(expired)
    assert expired.status_code == 403
    assert not Reservation.objects.exists()
    [client.post(address(salle), again) for _ in range(2)]

    assert {name: [value] for name, value in typed.items()}.items() <= again.items()
    assert Reservation.objects.get().nom == 'Camille "d\'Angelo"'


@pytest.mark.parametrize("origin", [{}, {"origin": "null"}, {"origin": "http://ailleurs.example"}])
def test_what_another_site_sends_is_not_kept(client, salle, origin):
    expired = client.post(address(salle), visitor(), headers=origin)

    assert expired.status_code == 403
    assert kept(expired) == {}


def test_a_password_is_never_written_into_a_page(client, salle):
    typed = {"login": "camille@rivemont.example", "password": "un secret de taille"}

    expired = client.post(reverse("account_login"), typed, headers=OURS)

    assert expired.status_code == 403
    assert "un secret de taille" not in expired.content.decode()
    assert kept(expired) == {}


def test_the_page_is_kept_by_no_cache(client, salle):
    expired = client.post(address(salle), visitor(), headers=OURS)

    assert {"private", "no-store"} <= set(expired["Cache-Control"].split(", "))


def test_the_desk_signs_in_again_in_another_tab_and_loses_nothing(client, salle, agent):
    path = reverse("admin:guichet_create", args=[salle.maison.slug])
    form = client.get(path)
    typed = at_the_desk(salle) | {"csrfmiddlewaretoken": str(form.context["csrf_token"])}
    client.session.flush()

    out = client.post(path, typed)
    client.force_login(agent.compte)
    done = client.post(path, kept(out))

    assert (out.status_code, done.status_code) == (403, 302)
    booked = Reservation.objects.get()
    assert (booked.nom, booked.courriel) == ("Linh O'Neill <b>", "linh@exemple.fr")


def test_answers_to_several_requests_keep_every_tick(client, salle, agent):
    asked = ReservationFactory.create_batch(3, salle=salle)
    typed = {"reponse_a": "accepter", "demandes": [request.pk for request in asked]}

    expired = client.post(BULK, typed, headers=OURS)
    client.post(BULK, kept(expired))

    assert expired.status_code == 403
    assert set(Reservation.objects.values_list("etat", flat=True)) == {"confirmee"}


def test_the_page_says_in_whose_name_it_would_be_sent(client, salle, agent):
    expired = client.post(BULK, {"reponse_a": "accepter"}, headers=OURS)

    assert f"au nom de <strong>{agent.compte}</strong>" in expired.content.decode()
