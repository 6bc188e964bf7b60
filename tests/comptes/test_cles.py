"""Passkeys: added, asked for, refused; one alone is both factors when it was unlocked."""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from tests.cle import SoftKey, give_key
from tests.comptes.test_parcours_compte import PASSWORD, received, url
from tests.comptes.test_protection import DESK, agent, browser, page, signed_in, with_password
from tests.connexion import give_factor
from tests.factories import CompteFactory

pytestmark = pytest.mark.django_db
__all__ = ["agent", "browser"]
LOGIN = reverse("mfa_login_webauthn")
JSON = {"accept": "application/json"}
GARBAGE = [
    *["", "[]", "{}", "null", "1", '"a"', "{", "[[[[", '{"id": 1}', '{"id": "a"}', "NaN"],
    *['{"id": "a", "rawId": "a"}', '{"id": "a", "rawId": "a", "response": []}'],
    '{"id": "é", "rawId": "é", "type": "x", "response": {"clientDataJSON": "a"}}',
    '{"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {"userHandle": 3}}',
]


def asked(data):
    return (data.get("request_options") or data["creation_options"])["publicKey"]["challenge"]


def with_key(browser, compte, key, where=DESK):
    challenge = asked(browser.get(LOGIN, headers=JSON).json())
    said = json.dumps(key.assertion(challenge, compte))
    return browser.post(LOGIN, {"credential": said, "next": where})


def test_a_key_alone_opens_the_desk(browser, agent):
    key = give_key(agent)

    done = with_key(browser, agent, key)

    assert done.url == DESK
    assert browser.get(DESK).status_code == 200


def test_the_owner_gets_in_by_key_while_others_guess_the_password(browser, agent):
    """G16."""
    key, thief = give_key(agent), Client()
    for _ in range(11):
        guessed = thief.post(url("login"), {"login": agent.courriel, "password": "faux"})
    assert "beaucoup d’essais" in guessed.content.decode()

    assert with_key(browser, agent, key).url == DESK


@pytest.mark.parametrize(
    "why", ["not unlocked", "another site", "another key", "closed account", "no account"]
)
def test_what_is_not_the_key_of_the_account_opens_nothing(browser, agent, why):
    fields = {"not unlocked": {"verified": False}, "another site": {"host": "voleur.example"}}
    key = give_key(agent, **fields.get(why, {}))
    if why == "closed account":
        type(agent).objects.update(is_active=False)
    if why == "no account":
        agent.pk += 1000

    with_key(browser, agent, SoftKey() if why == "another key" else key)

    assert not signed_in(browser)


def test_a_challenge_is_answered_once(browser, agent):
    key = give_key(agent)
    challenge = asked(browser.get(LOGIN, headers=JSON).json())
    said = {"credential": json.dumps(key.assertion(challenge, agent))}
    browser.post(LOGIN, said)
    browser.post(url("logout"))

    browser.post(LOGIN, said)

    assert not signed_in(browser)


@pytest.mark.parametrize("said", GARBAGE)
def test_what_no_browser_says_is_refused_in_a_sentence(browser, agent, said):
    give_key(agent)
    browser.get(LOGIN, headers=JSON)

    refused = browser.post(LOGIN, {"credential": said}, follow=True)
    asked_for = with_password(browser, agent)
    second = browser.post(asked_for.url, {"credential": said})

    for shown in (refused, second):
        assert "Cette clé n’a pas été reconnue." in shown.content.decode()
    assert not signed_in(browser)


def test_a_key_is_the_second_factor_of_a_password(browser, agent):
    key = give_key(agent, verified=False)
    led = with_password(browser, agent)

    challenge = asked(browser.get(led.url).context["js_data"])
    done = browser.post(led.url, {"credential": json.dumps(key.assertion(challenge, agent))})

    assert done.url == DESK
    assert browser.get(DESK).status_code == 200


def test_a_session_from_before_the_key_has_to_show_it(browser, agent):
    with_password(browser, agent)
    key = give_key(agent)

    led = browser.get(DESK)
    challenge = asked(browser.get(led.url).context["js_data"])
    said = {"credential": json.dumps(key.assertion(challenge, agent)), "next": DESK}
    done = browser.post(led.url, said)

    assert led.url.startswith(page("reauthenticate_webauthn"))
    assert done.url == DESK
    assert browser.get(DESK).status_code == 200


@pytest.mark.parametrize("unlocked", [True, False])
def test_a_key_is_added_when_it_opens_by_itself(browser, agent, unlocked):
    with_password(browser, agent)
    browser.post(url("reauthenticate"), {"password": PASSWORD})
    challenge = asked(browser.get(page("add_webauthn")).context["js_data"])
    said = json.dumps(SoftKey(verified=unlocked).registration(challenge))

    done = browser.post(page("add_webauthn"), {"credential": said, "name": "x" * 10_000})

    assert Authenticator.objects.filter(type="webauthn").exists() is unlocked
    assert done.status_code == (302 if unlocked else 200)
    assert browser.get(DESK).status_code == (200 if unlocked else 302)
    if unlocked:
        assert Authenticator.objects.get(type="webauthn").wrap().name == "x" * 60
        assert received()[-1].subject == "Une clé d’accès ouvre votre compte"


def test_a_key_is_removed_by_its_owner_alone(client, agent):
    give_factor(agent)
    give_key(agent)
    mine = Authenticator.objects.get(type="webauthn")
    gone = reverse("mfa_remove_webauthn", args=[mine.pk])
    other = CompteFactory()

    Client.force_login(client, other)
    assert client.post(gone).status_code == 404
    client.force_login(agent)
    client.post(url("reauthenticate"), {"password": PASSWORD})
    client.post(gone)

    assert not Authenticator.objects.filter(type="webauthn").exists()
    assert client.get(DESK).status_code == 200
