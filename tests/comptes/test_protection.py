"""The second factor: set up, asked for, shown; what staff reach without one (promise 8)."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client
from django.urls import reverse

from tests.comptes.test_parcours_compte import NEXT, PASSWORD, code_received, received, text, url
from tests.connexion import SECRET, code_of_now, give_factor
from tests.factories import AffectationFactory, VilleFactory

pytestmark = pytest.mark.django_db

DESK = "/gestion/maisons/reservation/"
WRONG = "000 000"


@pytest.fixture
def agent():
    """Somebody of the desk, who has a password and no second factor."""
    VilleFactory()
    compte = AffectationFactory(compte__password=PASSWORD).compte
    EmailAddress.objects.create(user=compte, email=compte.courriel, verified=True, primary=True)
    return compte


@pytest.fixture
def browser():
    return Client()


def page(name):
    return reverse(f"mfa_{name}")


def with_password(browser, compte, where=DESK):
    data = {"login": compte.courriel, "password": PASSWORD, "next": where}
    return browser.post(url("login"), data)


def signed_in(browser):
    return "_auth_user_id" in browser.session


def confirm_password(browser, asked):
    return browser.post(asked.url, {"password": PASSWORD})


def secret_of(shown):
    return shown.context["form"].secret


@pytest.mark.django_db(transaction=True)
def test_an_agent_is_led_to_a_factor_and_then_to_the_desk(browser, agent):
    with_password(browser, agent)
    led = browser.get(DESK)
    told = text(browser.get(led.url))
    shown = browser.get(confirm_password(browser, browser.get(page("activate_totp"))).url)

    secret = secret_of(shown)
    done = browser.post(page("activate_totp"), {"code": code_of_now(secret=secret)})

    assert led.url == page("index")
    assert "avant d’ouvrir la gestion, ajoutez une deuxième preuve" in told
    assert " ".join(re.findall("....", secret)) in text(shown)
    assert done.url == page("view_recovery_codes")
    assert "Vos codes de secours" in text(browser.get(done.url))
    assert browser.get(DESK).status_code == 200
    assert received()[-1].subject == "Une application protège votre compte"


@pytest.mark.django_db(transaction=True)
def test_the_wrong_code_sets_nothing_up_and_keeps_the_key(browser, agent):
    with_password(browser, agent)
    shown = browser.get(confirm_password(browser, browser.get(page("activate_totp"))).url)

    wrong = browser.post(page("activate_totp"), {"code": WRONG})

    assert secret_of(wrong) == secret_of(shown)
    assert "Ce code n’est pas le bon." in wrong.context["form"].errors["code"][0]
    assert not Authenticator.objects.exists()
    assert browser.get(DESK).url == page("index")


@pytest.mark.parametrize("typed", ["{}", " {} ", "{:.3} {}", "code : {}"])
def test_a_password_asks_for_the_code_and_keeps_the_way(browser, agent, typed):
    give_factor(agent)
    code = code_of_now()
    typed = f"{code[:3]}\u00a0{code[3:]}" if typed.startswith("{:") else typed.format(code)

    asked = with_password(browser, agent)
    before = signed_in(browser)
    done = browser.post(asked.url, {"code": typed})

    assert asked.url == page("authenticate")
    assert not before
    assert done.url == DESK
    assert browser.get(DESK).status_code == 200


def test_a_wrong_code_is_told_and_opens_nothing(browser, agent):
    give_factor(agent)
    asked = with_password(browser, agent)

    wrong = browser.post(asked.url, {"code": WRONG})

    assert "<title>Erreur : Deuxième preuve" in text(wrong)
    assert "Ce code n’est pas le bon." in wrong.context["form"].errors["code"][0]
    assert not signed_in(browser)


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_slow_hand_and_a_wrong_clock_are_forgiven_half_a_minute(browser, agent, steps):
    give_factor(agent)

    done = browser.post(with_password(browser, agent).url, {"code": code_of_now(steps)})

    assert done.url == DESK


def test_a_code_of_two_minutes_ago_opens_nothing(browser, agent):
    give_factor(agent)

    browser.post(with_password(browser, agent).url, {"code": code_of_now(-4)})

    assert not signed_in(browser)


def test_a_code_opens_once_even_when_the_cache_is_lost(browser, agent, settings):
    give_factor(agent)
    code, thief = code_of_now(), Client()
    browser.post(with_password(browser, agent).url, {"code": code})
    settings.CACHES = {"default": settings.CACHES["default"] | {"KEY_PREFIX": "lost"}}

    again = thief.post(with_password(thief, agent).url, {"code": code})

    assert again.context["form"].errors["code"]
    assert (signed_in(browser), signed_in(thief)) == (True, False)


def test_a_code_by_email_is_no_second_factor(browser, agent):
    give_factor(agent)
    waiting = browser.post(url("login"), {"login": agent.courriel, "par": "code", "next": DESK})

    asked = browser.post(waiting.url, {"code": code_received()})
    done = browser.post(asked.url, {"code": code_of_now()})

    assert asked.url == page("authenticate")
    assert done.url == DESK


def test_a_new_password_asks_for_the_code_and_keeps_the_way(browser, agent):
    give_factor(agent)
    asked = browser.post(url("reset_password"), {"email": agent.courriel, "next": NEXT})
    choose = browser.post(asked.url, {"code": code_received(), "next": NEXT})

    typed = {"password1": "quatre autres mots neufs", "next": NEXT}
    asked = browser.post(choose.url, typed)
    before = signed_in(browser)
    done = browser.post(asked.url, {"code": code_of_now()})

    assert asked.url == page("authenticate")
    assert not before
    assert done.url == NEXT


def test_a_session_from_before_the_factor_has_to_show_it(browser, agent):
    with_password(browser, agent)
    give_factor(agent)

    led = browser.get(f"{DESK}?q=a")
    wrong = browser.post(led.url, {"code": WRONG})
    done = browser.post(led.url, {"code": code_of_now()})

    assert led.url.startswith(page("reauthenticate"))
    assert "Ce code n’est pas le bon." in wrong.context["form"].errors["code"][0]
    assert done.url == f"{DESK}?q=a"
    assert browser.get(done.url).status_code == 200


def test_what_is_sent_without_the_factor_is_not_done(browser, agent):
    with_password(browser, agent)
    give_factor(agent)

    led = browser.post(f"{DESK}repondre/", {"reponse_a": "accepter"})

    assert led.url == f"{page('reauthenticate')}?next=%2Fgestion%2F"


def test_a_recovery_code_stands_in_once(browser, agent):
    give_factor(agent)
    code, *_ = RecoveryCodes.activate(agent).generate_codes()
    other = Client()

    asked = with_password(browser, agent)
    done = browser.post(asked.url, {"code": f"{code[:4]} {code[4:]}"})
    other.post(with_password(other, agent).url, {"code": code})

    assert done.url == DESK
    assert browser.get(DESK).status_code == 200
    assert not signed_in(other)


@pytest.mark.django_db(transaction=True)
def test_new_recovery_codes_end_the_old_ones(client, agent):
    client.force_login(agent)
    client.post(f"{url('reauthenticate')}", {"password": PASSWORD})
    client.post(page("generate_recovery_codes"))
    first = client.get(page("view_recovery_codes")).context["unused_codes"]

    client.post(page("generate_recovery_codes"))
    second = client.get(page("view_recovery_codes")).context["unused_codes"]

    assert (len(first), len(second)) == (10, 10)
    assert not {*first} & {*second}
    assert client.get(DESK).status_code == 200
    assert received()[-1].subject == "Vos codes de secours ont changé"


def test_without_the_last_factor_the_desk_closes_again(client, agent):
    client.force_login(agent)
    client.post(url("reauthenticate"), {"password": PASSWORD})

    client.post(page("deactivate_totp"))

    assert client.get(DESK).url == page("index")
    assert received()[-1].subject == "Votre compte a perdu une protection"


def test_another_person_s_proof_proves_nothing(client, agent):
    other = AffectationFactory().compte
    give_factor(other)
    client.force_login(agent)

    Client.force_login(client, other)

    assert client.get(DESK).url.startswith(page("reauthenticate"))


def test_the_demonstration_asks_for_no_factor(browser, agent):
    VilleFactory._meta.model.objects.update(demonstration=True)
    with_password(browser, agent)

    assert browser.get(DESK).status_code == 200
    assert "ajoutez une deuxième preuve" not in text(browser.get(page("index")))


def test_a_secret_is_unreadable_in_the_database_and_dies_with_the_key(browser, agent, settings):
    factor = give_factor(agent)
    codes = RecoveryCodes.activate(agent)
    stored = f"{factor.data} {codes.instance.data}"
    assert SECRET not in stored
    assert codes.generate_codes() == codes.generate_codes()

    known, settings.SECRET_KEY = settings.SECRET_KEY, "une autre clé"
    lost = Client()
    lost.post(with_password(lost, agent).url, {"code": code_of_now()})
    assert not signed_in(lost)

    settings.SECRET_KEY_FALLBACKS = [known]
    browser.post(with_password(browser, agent).url, {"code": code_of_now()})
    assert signed_in(browser)


def test_a_resident_may_have_one_too(client, agent):
    agent.affectations.all().delete()
    client.force_login(agent)

    shown = text(client.get(page("index")))

    assert "Ajouter une application" in shown
    assert "avant d’ouvrir la gestion" not in shown


@pytest.mark.parametrize("name", ["activate_totp", "generate_recovery_codes", "deactivate_totp"])
def test_what_touches_the_protection_asks_for_the_password_again(client, agent, name):
    if name == "deactivate_totp":
        give_factor(agent)
    client.force_login(agent) if name == "deactivate_totp" else Client.force_login(client, agent)

    assert client.get(page(name)).url.startswith(url("reauthenticate"))
