"""How often: for one person tightly, for a network loosely, in PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from ipaddress import ip_network
from threading import Barrier
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django import forms
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import path, reverse
from django.utils import timezone

from comptes import codes, limites
from comptes.models import Compteur
from comptes.tasks import erase_old_counts
from portail import urls
from tests.factories import CompteFactory, ReservationFactory, VilleFactory

pytestmark = pytest.mark.django_db
CODE = reverse("comptes:code")
LIMITE = limites.LIMITES["reserver"]
OPERATOR = "2.2.2.2"


@pytest.fixture(autouse=True)
def _half_past():
    """No hour ends while a test counts."""
    with time_machine.travel(timezone.now().replace(minute=30)):
        yield


def asks(browser="", address=OPERATOR, **headers):
    """A form sent by a browser, whose cookie the CSRF check has read."""
    request = RequestFactory().post("/", REMOTE_ADDR=address, headers=headers)
    request.META["CSRF_COOKIE"] = browser or uuid4().hex
    return request


def passes(request, contact="", geste="reserver"):
    try:
        limites.count(request, geste, contact)
    except limites.TooMany:
        return False
    return True


def test_one_contact_is_limited_from_any_browser_and_network():
    tries = [passes(asks(address=f"2.2.2.{n}"), "zoe@ville.example") for n in range(7)]

    assert tries == [True] * LIMITE.contact + [False] * 2
    assert passes(asks(), "ana@ville.example")


@pytest.mark.parametrize(
    "spelling", ["ZOE@Ville.example", " zoe@ville.example ", "zoe+2@ville.example"]
)
def test_a_mailbox_has_one_count_however_it_is_spelled(spelling):
    for _ in range(LIMITE.contact):
        limites.count(asks(), "reserver", "zoe@ville.example")

    assert not passes(asks(), spelling)


def test_one_browser_is_limited_whatever_contacts_it_gives():
    tries = [passes(asks("one"), f"{n}@ville.example") for n in range(12)]

    assert tries == [True] * LIMITE.navigateur + [False] * 2


def test_a_network_takes_many_browsers_then_no_more():
    tries = [passes(asks()) for _ in range(62)]

    assert tries == [True] * LIMITE.reseau + [False] * 2
    assert passes(asks(address="3.3.3.3"))


def test_somebody_stopped_uses_up_nothing_of_their_network():
    for _ in range(100):
        passes(asks("one"))

    assert passes(asks("neighbour"))


@pytest.mark.parametrize(
    ("neighbour", "same"), [("2001:db8::ffff:1", True), ("2001:db8:0:1::1", False)]
)
def test_an_ipv6_subscriber_is_one_network(neighbour, same):
    for _ in range(LIMITE.reseau):
        limites.count(asks(address="2001:db8::1"), "reserver")

    assert passes(asks(address=neighbour)) is not same


@pytest.mark.parametrize("address", ["10.1.2.3", "::ffff:10.1.2.3"])
def test_a_network_of_the_houses_has_no_limit_but_its_browsers_do(settings, address):
    settings.TRUSTED_NETWORKS = [ip_network("10.1.0.0/16"), ip_network("2001:db8::/32")]

    assert all(passes(asks(address=address)) for _ in range(70))
    assert [passes(asks("one", address)) for _ in range(11)][-1] is False


@pytest.mark.parametrize(("proxies", "fooled"), [(0, False), (1, False)])
def test_a_forged_address_changes_nothing(settings, proxies, fooled):
    """Behind one proxy, the last address is the one that the proxy has seen."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    seen = f", {OPERATOR}" if proxies else ""

    tries = [passes(asks(**{"X-Forwarded-For": f"9.9.9.{n}{seen}"})) for n in range(61)]

    assert tries[-1] is fooled


def test_behind_a_proxy_two_visitors_are_two_networks(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for _ in range(LIMITE.reseau):
        limites.count(asks(**{"X-Forwarded-For": "9.9.9.1"}), "reserver")

    assert not passes(asks(**{"X-Forwarded-For": "9.9.9.1"}))
    assert passes(asks(**{"X-Forwarded-For": "9.9.9.2"}))


@pytest.mark.parametrize(
    ("minute", "told"), [(35, "Attendez 25 minutes, ou appelez-nous."), (59, "Attendez une minute")]
)
def test_the_sentence_gives_the_time_to_wait_and_the_time_passes(minute, told):
    ten = datetime(2026, 11, 24, 10, minute, tzinfo=ZoneInfo("Europe/Paris"))
    with time_machine.travel(ten, tick=False) as clock:
        while passes(asks("one")):
            pass
        with pytest.raises(
            limites.TooMany, match=f"Vous avez fait beaucoup de demandes. {told}"
        ) as limit:
            limites.count(asks("one"), "reserver")

        clock.shift(limit.value.wait)

        assert passes(asks("one"))


def test_a_network_is_told_that_others_may_have_asked():
    while passes(asks()):
        pass

    with pytest.raises(limites.TooMany, match="depuis votre réseau, peut-être par d’autres"):
        limites.count(asks(), "reserver")


def test_checking_counts_nothing():
    for _ in range(LIMITE.navigateur):
        limites.check(asks("one"), "reserver")
        limites.count(asks("one"), "reserver")

    with pytest.raises(limites.TooMany):
        limites.check(asks("one"), "reserver")
    assert max(Compteur.objects.values_list("nombre", flat=True)) == LIMITE.navigateur


def test_an_empty_cache_forgives_nothing():
    while passes(asks("one")):
        pass

    cache.clear()

    assert not passes(asks("one"))


def test_no_contact_and_no_address_is_stored():
    limites.count(asks("secret-of-the-browser"), "reserver", "zoe@ville.example")

    for row in Compteur.objects.values():
        assert len(row["cle"]) == 32
        assert not any(told in str(row) for told in ["zoe", OPERATOR, "secret"])


@pytest.mark.parametrize("rows", [0, 1000])
def test_counting_costs_the_same_whatever_is_stored(django_assert_num_queries, rows):
    hour = limites.this_hour()
    Compteur.objects.bulk_create(
        Compteur(geste="reserver", cle=uuid4().bytes * 2, heure=hour) for _ in range(rows)
    )
    request = asks()

    with django_assert_num_queries(6):  # two statements, each in its transaction
        limites.count(request, "reserver", "zoe@ville.example")
    with django_assert_num_queries(1):
        limites.check(request, "reserver", "zoe@ville.example")


def test_old_counts_are_erased_in_the_night():
    limites.count(asks("one"), "reserver")
    Compteur.objects.update(heure=limites.this_hour() - limites.KEPT - limites.HOUR)
    limites.count(asks("one"), "reserver")

    erase_old_counts()

    assert set(Compteur.objects.values_list("heure", flat=True)) == {limites.this_hour()}


@pytest.mark.django_db(transaction=True)
def test_of_fifty_at_once_exactly_as_many_as_allowed_pass():
    gate = Barrier(50)

    def tries(_):
        gate.wait()
        try:
            return passes(asks("one"), "zoe@ville.example", "courriel")
        finally:
            connection.close()

    with ThreadPoolExecutor(50) as pool:
        assert sum(pool.map(tries, range(50))) == limites.LIMITES["courriel"].contact


# Over HTTP.


class Question(forms.Form):
    nom = forms.CharField()


def asked(request):
    limites.count(request, "courriel", "zoe@ville.example")
    return HttpResponse()


urlpatterns = [path("question/", asked), *urls.urlpatterns]


def wrong():
    return codes.grouped(codes.make_code(uuid4()))


@pytest.fixture
def browser():
    VilleFactory(telephone="04 65 71 00 00")
    browser = Client()
    browser.get(CODE)
    return browser


def test_the_eleventh_wrong_code_of_a_browser_answers_429_with_the_time(browser):
    pages = [browser.post(CODE, {"code": wrong()}) for _ in range(11)]

    assert [page.status_code for page in pages] == [200] * 10 + [429]
    assert "beaucoup d’essais. Attendez" in pages[10].content.decode()
    assert browser.get(reverse("comptes:code_open", args=[wrong()])).status_code == 429


def test_after_too_many_wrong_codes_a_right_one_waits_too(browser):
    booked = ReservationFactory()
    for _ in range(10):
        browser.post(CODE, {"code": wrong()})

    assert browser.post(CODE, {"code": booked.code}).status_code == 429
    neighbour = Client()
    neighbour.get(CODE)
    assert neighbour.post(CODE, {"code": booked.code}).status_code == 302


def test_right_codes_are_never_counted(browser):
    booked = ReservationFactory()

    tries = [browser.post(CODE, {"code": booked.code}).status_code for _ in range(20)]

    assert tries == [302] * 20


def test_a_limit_in_a_form_keeps_what_was_typed(browser):
    form = Question({"nom": "Zoé"})
    assert limites.status(form) == 200

    form.add_error(None, limites.TooMany(LIMITE, "navigateur", timedelta(minutes=5)))

    assert limites.status(form) == 429
    assert form["nom"].value() == "Zoé"
    assert "Attendez 5 minutes" in form.non_field_errors()[0]


def test_a_limit_that_no_form_tells_has_a_page(browser, settings):
    settings.ROOT_URLCONF = __name__
    browser.force_login(CompteFactory())

    pages = [browser.post("/question/") for _ in range(4)]

    assert [page.status_code for page in pages] == [200, 200, 200, 429]
    assert 0 < int(pages[3]["Retry-After"]) <= 3600
    assert "beaucoup de demandes à votre nom. Attendez" in pages[3].content.decode()
    assert "04 65 71 00 00" in pages[3].content.decode()
