"""No form tells who has an account: same bytes, same statements, same messages (G15)."""

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comptes.limites import GUESSES
from notifications.models import Message
from tests.charge import enumeration
from tests.charge.enumeration import FORMS, PASSWORD, Decor, plain, rank_test, send

pytestmark = pytest.mark.django_db
OURS = {
    *[enumeration.booking, enumeration.correction],
    *[enumeration.invitation, enumeration.new_address],
}


@pytest.fixture
def decor():
    return Decor(3)


def answered(form, decor, address):
    """(what is shown, how many statements, how many messages), of something then undone."""
    mark, before = transaction.savepoint(), len(mail.outbox) + Message.objects.count()
    asked = form(decor, address)
    with CaptureQueriesContext(connection) as statements:
        answers, _ = send(asked)
    sent = len(mail.outbox) + Message.objects.count() - before
    transaction.savepoint_rollback(mark)
    return plain(answers, address), kinds(statements), sent


def kinds(statements):
    return [each["sql"].split()[0] for each in statements]


@pytest.mark.parametrize("name", FORMS)
def test_a_known_and_an_unknown_address_are_answered_alike(decor, name):
    answered(FORMS[name], decor, decor.known[0])  # caches are warm

    known = answered(FORMS[name], decor, decor.known[1])
    unknown = answered(FORMS[name], decor, decor.unknown[1])

    assert known[0] == unknown[0]
    assert ("'Location'" in known[0][0]) is (name != "connexion")
    assert known[2] == unknown[2]
    if FORMS[name] in OURS:
        assert known[1] == unknown[1]


# Those of allauth do not do the same: they leave on a beat.


@pytest.mark.parametrize("name", [name for name in FORMS if FORMS[name] not in OURS])
@pytest.mark.parametrize("known", [True, False])
def test_what_allauth_answers_waits_for_its_beat(decor, settings, name, known):
    settings.PACE = settings.PACE_WITH_PASSWORD = 0.25
    address = (decor.known if known else decor.unknown)[2]

    answers, spent = send(FORMS[name](decor, address))

    assert spent >= 250 * len(answers) - 1


def test_neither_readers_nor_those_who_sign_in_wait(decor, settings, client):
    settings.PACE = settings.PACE_WITH_PASSWORD = 30  # it would be seen
    typed = {"login": decor.known[0], "password": PASSWORD}

    assert client.get(reverse("account_login")).status_code == 200
    assert client.post(reverse("account_login"), typed).status_code == 302
    assert client.get(reverse("portail:mon_espace")).status_code == 200


def test_neither_do_those_whom_a_limit_stops(decor, settings, client):
    typed = {"login": decor.known[0], "password": "faux"}
    for _ in range(GUESSES["contact"]):
        client.post(reverse("account_login"), typed)
    settings.PACE_WITH_PASSWORD = 30

    assert client.post(reverse("account_login"), typed).status_code == 429


def test_the_rank_test_tells_apart_what_differs_and_nothing_else():
    same = [n % 17 for n in range(400)]

    assert rank_test(same, same[::-1]) > 0.9
    assert rank_test(same, [n + 2 for n in same]) < 0.001
