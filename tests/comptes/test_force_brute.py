"""Guessing: few tries an hour about one account, from one machine or a thousand (G16)."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from ipaddress import ip_network
from threading import Barrier

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comptes.limites import GUESSES, LIMITES
from notifications.models import Message
from tests.cle import give_key
from tests.comptes.test_cles import with_key
from tests.comptes.test_parcours_compte import code_received
from tests.connexion import code_of_now, give_factor
from tests.factories import CompteFactory, VilleFactory

pytestmark = pytest.mark.django_db
LOGIN, PASSWORD = reverse("account_login"), "trois mots sans rapport"
MACHINES = 1000 if os.environ.get("COMPLET") else 40
ALLOWED = GUESSES["contact"]
MINUTE = timedelta(minutes=1)
REFUSED = "Ce code n’est pas le bon."
# Whoever writes these headers asks for another address, a proxy's or their own.
FORGED = [
    *["X-Forwarded-For", "X-FORWARDED-FOR", "x-forwarded-for", "X_Forwarded_For"],
    *["X-Real-IP", "X-Client-IP", "X-Cluster-Client-IP", "X-Original-Forwarded-For"],
    *["Forwarded-For", "Client-IP", "True-Client-IP", "CF-Connecting-IP", "Fastly-Client-IP"],
    *[
        "X-ProxyUser-IP",
        "X-Originating-IP",
        "X-Remote-IP",
        "X-Remote-Addr",
        "Via",
        "Forwarded",
        "Host-Client-IP",
    ],
]


@pytest.fixture(autouse=True)
def _half_past():
    """No hour ends while a test counts."""
    with time_machine.travel(timezone.now().replace(minute=30)):
        yield


@pytest.fixture
def owner():
    VilleFactory(telephone="04 65 71 00 00")
    compte = CompteFactory(password=PASSWORD)
    EmailAddress.objects.create(user=compte, email=compte.courriel, verified=True, primary=True)
    return compte


def sign_in(compte, password="faux", client=None, address="2.2.2.2", **headers):
    """(status, page): what somebody at this address is answered."""
    data = {"login": getattr(compte, "courriel", compte), "password": password}
    client = client or Client()
    page = client.post(LOGIN, data, REMOTE_ADDR=address, headers=headers)
    return page.status_code, page.content.decode()


def passed(answers):
    """Those in which the password was compared."""
    return sum("n’est pas le bon" in page for status, page in answers)


@pytest.mark.parametrize("machines", [1, MACHINES])
def test_few_wrong_passwords_an_hour_are_compared_wherever_they_come_from(owner, machines):
    one = Client()

    answers = [
        sign_in(owner, client=one if machines == 1 else None, address=f"2.2.{n >> 8}.{n & 255}")
        for n in range(max(machines, ALLOWED + 2))
    ]

    assert passed(answers) == ALLOWED <= 10
    assert {status for status, page in answers[ALLOWED:]} == {429}


def test_around_the_end_of_an_hour_no_more_than_ten_pass_in_sixty_minutes(owner):
    answers = []
    for minute in (59, 60):  # the last of this hour, the first of the next one
        with time_machine.travel(timezone.now().replace(minute=0) + minute * MINUTE):
            answers += [sign_in(owner) for _ in range(10)]

    assert passed(answers) <= 10


def test_then_the_right_password_waits_too_and_is_told_how_long(owner):
    for _ in range(ALLOWED):
        sign_in(owner)

    status, page = sign_in(owner, PASSWORD)

    assert status == 429
    assert "beaucoup d’essais à votre nom. Attendez 30 minutes, ou demandez un code" in page
    assert f'value="{owner.courriel}"' in page
    with time_machine.travel(timezone.now() + 31 * MINUTE):
        assert sign_in(owner, PASSWORD)[0] == 302


def test_meanwhile_the_owner_gets_in_by_a_code(client, owner):
    for _ in range(ALLOWED + 5):
        sign_in(owner)

    client.post(LOGIN, {"login": owner.courriel, "par": "code"})
    client.post(reverse("account_confirm_login_code"), {"code": code_received()})

    assert int(client.session["_auth_user_id"]) == owner.pk


def test_an_unknown_address_is_limited_as_a_known_one(owner):
    answers = [
        [sign_in(address) for _ in range(ALLOWED + 1)]
        for address in (owner.courriel, "personne@rivemont.example")
    ]

    known, unknown = ([status for status, page in given] for given in answers)
    assert known == unknown == [200] * ALLOWED + [429]


def test_right_passwords_never_count(owner):
    assert {sign_in(owner, PASSWORD)[0] for _ in range(3 * ALLOWED)} == {302}


def test_wrong_passwords_of_one_browser_are_limited_whatever_accounts_it_tries(owner):
    browser = Client()
    browser.get(LOGIN)

    answers = [sign_in(f"{n}@rivemont.example", client=browser) for n in range(20)]

    assert passed(answers) == GUESSES["navigateur"]


@pytest.mark.parametrize("trusted", [False, True])
def test_a_network_is_limited_but_not_that_of_a_house(settings, owner, trusted):
    settings.TRUSTED_NETWORKS = [ip_network("2.2.2.0/24")] if trusted else []
    tries = GUESSES["reseau"] + 3

    answers = [sign_in(f"{n}@rivemont.example") for n in range(tries)]

    assert passed(answers) == (tries if trusted else GUESSES["reseau"])
    assert passed([sign_in(owner) for _ in range(ALLOWED + 3)]) == (ALLOWED if trusted else 0)


def forged(n):
    """One of twenty spellings of an address, of a network that a house would have."""
    name = FORGED[n % len(FORGED)]
    return {name: f"for=10.0.0.{n};proto=https" if name == "Forwarded" else f"10.0.0.{n}"}


def test_forged_headers_change_nothing(settings):
    settings.TRUSTED_NETWORKS = [ip_network("10.0.0.0/8")]
    tries = range(GUESSES["reseau"] + len(FORGED))

    answers = [sign_in(f"{n}@rivemont.example", **forged(n)) for n in tries]

    assert len(FORGED) == 20
    assert passed(answers) == GUESSES["reseau"]
    assert {status for status, page in answers[-20:]} == {429}


def test_an_empty_cache_forgives_nothing(owner):
    answers = []
    for _ in range(ALLOWED + 3):
        answers.append(sign_in(owner))
        cache.clear()

    assert passed(answers) == ALLOWED


def test_without_any_cache_limits_hold(settings, owner):
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1"}}

    answers = [sign_in(owner) for _ in range(ALLOWED + 3)]

    assert passed(answers) == ALLOWED
    assert answers[-1][0] == 429


class CountedHasher(PBKDF2PasswordHasher):
    """As slow as the real one: others come meanwhile."""

    made = []

    def encode(self, *args, **kwargs):
        self.made.append(1)
        return super().encode(*args, **kwargs)


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_no_more_are_compared(settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountedHasher"]
    VilleFactory()
    gate = Barrier(16)

    def tries(n):
        gate.wait()
        try:
            return sign_in("personne@rivemont.example", address=f"2.2.2.{n}")
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        assert passed(list(pool.map(tries, range(16)))) == ALLOWED
    assert len(CountedHasher.made) == ALLOWED


# A password is asked for inside an account too.


@pytest.mark.parametrize("name", ["account_reauthenticate", "account_change_password"])
def test_whoever_holds_an_open_session_guesses_no_more(client, owner, name):
    client.force_login(owner)
    typed = {"password": "faux", "oldpassword": "faux", "password1": "quatre mots assez longs"}

    answers = [client.post(reverse(name), typed) for _ in range(ALLOWED + 2)]

    assert [answer.status_code for answer in answers] == [200] * ALLOWED + [429] * 2
    assert sign_in(owner, PASSWORD)[0] == 429


# The second factor, for whoever has the password.


def test_few_wrong_codes_of_an_application_are_compared_in_any_number_of_browsers(owner):
    give_factor(owner)
    page, compared = reverse("mfa_authenticate"), 0
    for n in range(ALLOWED + 3):
        thief = Client()
        sign_in(owner, PASSWORD, thief, address=f"2.2.2.{n}")
        answered = thief.post(page, {"code": "000000"}, REMOTE_ADDR=f"2.2.2.{n}")
        compared += REFUSED in answered.content.decode()

    right = thief.post(page, {"code": code_of_now()})

    assert compared == ALLOWED
    assert right.status_code == 429
    assert "_auth_user_id" not in thief.session


def test_the_owner_gets_in_by_a_key_whatever_others_have_tried(owner):
    key, mine = give_key(owner), Client()
    for _ in range(ALLOWED + 3):
        sign_in(owner)
        ask("account_request_login_code", owner.courriel)

    with_key(mine, owner, key, where="/mon-espace/")

    assert int(mine.session["_auth_user_id"]) == owner.pk


# Codes that come by e-mail.

ASKED = {
    "account_request_login_code": "account_confirm_login_code",
    "account_reset_password": "account_confirm_password_reset_code",
    "account_signup": "account_email_verification_sent",
}


def ask(name, address):
    """A browser that has asked for a code, and whether it may type one."""
    client = Client()
    asked = {"email": address, "nom": "Zoé", "password1": ""}
    return client, client.post(reverse(name), asked).status_code == 302


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("known", [True, False])
def test_few_wrong_codes_an_hour_are_compared_in_any_number_of_browsers(owner, asked, known):
    address = owner.courriel if known else "personne@rivemont.example"
    compared = 0
    for _ in range(LIMITES["envoi_de_code"].contact):
        client, sent = ask(asked, address)
        for _ in range(2):  # the third of one browser sends it back to the beginning
            page = client.post(reverse(ASKED[asked]), {"code": "000-000-000"})
            compared += REFUSED in page.content.decode()
        assert sent

    assert compared == ALLOWED


@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize("known", [True, False])
def test_a_mailbox_takes_few_codes_an_hour_whoever_asks(owner, name, known):
    address = owner.courriel if known else "personne@rivemont.example"
    most = LIMITES["envoi_de_code"].contact

    sent = [ask(name, address)[1] for _ in range(most + 3)]

    assert sent == [True] * most + [False] * 3
    assert Message.objects.filter(destinataire=address).count() == most
