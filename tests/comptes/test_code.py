"""`/code/`: whoever holds a code opens what it opens, and nobody else does."""

import re
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from comptes import codes
from comptes.models import Compteur
from maisons.models import Reservation
from tests.factories import AttenteFactory, ReservationFactory, VilleFactory

pytestmark = pytest.mark.django_db
CODE = reverse("comptes:code")
UNKNOWN = "Ce code n’ouvre rien."


def text(response):
    return response.content.decode()


def wrong():
    return codes.grouped(codes.make_code(uuid4()))


@pytest.fixture
def booked():
    VilleFactory(telephone="04 65 71 00 00")
    return ReservationFactory()


@pytest.fixture
def browser(booked):
    """One that has opened the form, as a real one does."""
    browser = Client()
    browser.get(CODE)
    return browser


def test_a_pasted_sentence_leads_to_the_page_of_the_booking(browser, booked):
    typed = f"Votre code : {booked.code.lower()}. Gardez-le."

    page = browser.post(CODE, {"code": typed}, follow=True)

    assert page.redirect_chain == [(reverse("comptes:code_open", args=[booked.code]), 302)]
    assert str(booked.salle) in text(page)


def test_a_wrong_code_gets_a_sentence_beside_the_field_and_stays_there(browser):
    page = browser.post(CODE, {"code": "pas un <code>"})

    assert page.status_code == 200
    assert UNKNOWN in page.context["form"].errors["code"][0]
    assert 'value="pas un &lt;code&gt;"' in text(page)
    assert "<title>Erreur : J’ai un code" in text(page)


def test_an_empty_field_asks_for_the_code_and_is_no_wrong_try(browser):
    page = browser.post(CODE, {"code": "  "})

    assert page.context["form"].errors["code"] == ["Écrivez votre code."]
    assert not Compteur.objects.exists()


def test_the_field_takes_any_paste(client):
    VilleFactory()

    field = text(client.get(CODE)).split('name="code"')[1].split(">")[0]

    assert "maxlength" not in field
    assert 'autocomplete="off"' in field
    assert 'autocapitalize="characters"' in field


@pytest.mark.parametrize("acte", [[], ["annuler"]])
@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_an_unknown_code_in_an_address_gets_the_form_and_404(browser, method, acte):
    name = "comptes:code_act" if acte else "comptes:code_open"

    page = getattr(browser, method)(reverse(name, args=[wrong(), *acte]))

    assert page.status_code == 404
    assert UNKNOWN in page.context["form"].errors["code"][0]
    assert Compteur.objects.filter(geste="code", nombre=1).count() == 2  # browser and network


def test_an_unknown_act_is_a_page_not_found(client, booked):
    page = client.get(reverse("comptes:code_act", args=[booked.code, "inconnu"]))

    assert page.status_code == 404
    assert not Compteur.objects.exists()


@pytest.mark.parametrize("method", ["get", "head"])
def test_five_visits_change_nothing_and_set_no_cookie(client, booked, method):
    before = Reservation.objects.values().get(), booked.history.count()

    for _ in range(5):
        page = getattr(client, method)(reverse("comptes:code_open", args=[booked.code]))

    assert page.status_code == 200
    assert (Reservation.objects.values().get(), booked.history.count()) == before
    assert not Compteur.objects.exists()
    assert not client.cookies


def answers(client, booked):
    """One of each answer under /code/, refusals and errors included."""
    strict = Client(enforce_csrf_checks=True)
    yield client.get(CODE)
    yield client.get(f"{CODE}{booked.code}")  # sent on to the address with its last slash
    yield client.post(CODE, {"code": booked.code})
    yield client.get(reverse("comptes:code_open", args=[booked.code]))
    yield client.get(reverse("comptes:code_act", args=[booked.code, "inconnu"]))
    yield client.get(reverse("comptes:code_open", args=[wrong()]))
    yield strict.post(CODE, {"code": booked.code})
    yield client.put(CODE)
    yield client.get(f"{CODE}a/b/c/d/")


def test_no_answer_is_cached_indexed_or_told_to_another_site(client, booked):
    told = list(answers(client, booked))

    assert [answer.status_code for answer in told] == [200, 301, 302, 200, 404, 404, 403, 405, 404]
    for answer in told:
        assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))
        assert answer["X-Robots-Tag"] == "noindex"
        assert answer["Referrer-Policy"] == "no-referrer, strict-origin"


@pytest.mark.parametrize("page", ["comptes:code_open", "maisons:attente"])
def test_paper_tells_where_a_code_is_typed_and_no_secret_address(client, page):
    booked = AttenteFactory()
    secret = booked.code if page == "comptes:code_open" else booked.jeton

    printed = text(client.get(reverse(page, args=[secret])))

    [where] = re.findall('<p class="imprime">Page (.*?), imprimée le', printed)
    assert where == f"{settings.SITE_URL}{CODE}"


def test_other_pages_keep_their_headers(client, booked):
    page = client.get(reverse("portail:accueil"))

    assert "X-Robots-Tag" not in page
    assert page["Referrer-Policy"] == settings.SECURE_REFERRER_POLICY


@pytest.mark.parametrize("page", ["portail:plan_du_site", "account_login", "portail:mon_espace"])
def test_a_code_can_be_given_from_where_one_looks_for_it(client, booked, page):
    client.force_login(booked.demandeur) if page == "portail:mon_espace" else None

    assert f'href="{CODE}"' in text(client.get(reverse(page)))
