"""Where somebody is signed in: listed, ended one by one or all."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comptes import appareils
from comptes.tasks import erase_ended_sessions
from tests.comptes.test_parcours_compte import PASSWORD, resident, text, url
from tests.connexion import SigningClient
from tests.factories import CompteFactory

pytestmark = pytest.mark.django_db
__all__ = ["resident"]
LIST, END_ALL = reverse("comptes:appareil_list"), reverse("comptes:appareil_end_all")
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
)
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)


def signed_in(compte, user_agent=FIREFOX):
    browser = Client(headers={"user-agent": user_agent})
    browser.post(url("login"), {"login": compte.courriel, "password": PASSWORD})
    return browser


def is_open(browser):
    return browser.get(LIST).status_code == 200


def names(browser):
    return [device.nom for device in browser.get(LIST).context["appareils"]]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        *[
            (FIREFOX, "Firefox sur Linux"),
            (EDGE, "Edge sur Windows"),
            (PHONE, "Safari sur un iPhone"),
        ],
        *[("", "Un navigateur"), ("curl/8", "Un navigateur"), ("Firefox <b>", "Firefox")],
    ],
)
def test_a_device_is_said_in_words(said, words):
    assert appareils.in_words(said) == words


@pytest.mark.parametrize("count", [1, 3])
def test_my_devices_cost_constant_queries(resident, django_assert_num_queries, count):
    mine = [signed_in(resident, said) for said in [EDGE, FIREFOX, PHONE][:count]]
    stranger = CompteFactory(password=PASSWORD)
    UserSession.objects.create(user=stranger, ip="192.0.2.1", session_key="a", user_agent=EDGE)

    with django_assert_num_queries(5):  # session, account, rows, sessions, city
        shown = mine[0].get(LIST)

    devices = shown.context["appareils"]
    assert len(devices) == count
    assert (devices[0].nom, devices[0].ici) == ("Edge sur Windows", True)


def test_a_device_is_ended_and_asks_to_sign_in_again(resident):
    here, lost = signed_in(resident), signed_in(resident, PHONE)
    row = UserSession.objects.get(user_agent=PHONE)
    end = reverse("comptes:appareil_end", args=[row.pk])

    done = here.post(end, follow=True)

    assert "Cet appareil est déconnecté." in text(done)
    assert names(here) == ["Firefox sur Linux"]
    assert (is_open(here), is_open(lost)) == (True, False)


def test_a_device_of_somebody_else_is_as_one_that_is_not(resident):
    signed_in(resident)
    end = reverse("comptes:appareil_end", args=[UserSession.objects.get().pk])
    browser = SigningClient()
    browser.force_login(CompteFactory())

    foreign, missing = browser.post(end), browser.post(reverse("comptes:appareil_end", args=[9**9]))

    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert UserSession.objects.count() == 1


def test_everywhere_is_here_too(resident):
    browsers = [signed_in(resident, said) for said in (EDGE, FIREFOX, PHONE)]

    done = browsers[1].post(END_ALL, follow=True)

    assert "déconnecté partout" in text(done)
    assert [is_open(browser) for browser in browsers] == [False] * 3
    assert not UserSession.objects.exists()


def test_who_signs_out_while_the_cache_is_away_is_out_when_it_comes_back(resident, settings):
    browser, before = signed_in(resident), settings.CACHES
    assert is_open(browser)
    stolen = browser.cookies["session"].value
    settings.CACHES = {"default": before["default"] | {"LOCATION": "redis://127.0.0.1:1"}}
    other = signed_in(resident)
    assert is_open(other)
    browser.post(url("logout"))
    settings.CACHES = before
    browser.cookies["session"] = stolen

    assert (is_open(browser), is_open(other)) == (False, True)


def test_a_new_password_ends_the_other_devices(resident):
    """G17."""
    here, lost = signed_in(resident), signed_in(resident, PHONE)
    typed = {"oldpassword": PASSWORD, "password1": "quatre autres mots neufs"}

    here.post(url("change_password"), typed)

    assert names(here) == ["Firefox sur Linux"]
    assert (is_open(here), is_open(lost)) == (True, False)


def test_a_device_is_seen_to_the_hour(resident, time_machine):
    time_machine.move_to("2026-11-24T10:00Z", tick=False)
    browser = signed_in(resident)

    for minutes in (30, 70, 80):
        time_machine.move_to(f"2026-11-24T1{minutes // 60}:{minutes % 60:02}Z", tick=False)
        browser.get(reverse("portail:mon_espace"))

    assert f"{UserSession.objects.get().last_seen_at:%H:%M}" == "11:10"


def test_what_is_over_is_erased_in_the_night(resident):
    signed_in(resident)
    signed_in(resident, PHONE)
    kept = UserSession.objects.get(user_agent=FIREFOX)
    over = Session.objects.exclude(session_key=kept.session_key)
    over.update(expire_date=timezone.now() - timedelta(days=1))

    erase_ended_sessions()

    assert [*UserSession.objects.all()] == [kept]
    assert Session.objects.count() == 1
