"""Codes and warnings of accounts leave by the outbox: nobody waits, nothing is kept of a code."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from notifications.models import ERASED, TOO_LATE, Message
from notifications.tasks import drain
from tests.factories import CompteFactory, VilleFactory

pytestmark = pytest.mark.django_db
CODE = re.compile(r"\d{3}-\d{3}-\d{3}")
UNKNOWN = "personne@ailleurs.example"


@pytest.fixture
def resident():
    VilleFactory(telephone="04 65 71 00 00")
    compte = CompteFactory()
    EmailAddress.objects.create(user=compte, email=compte.courriel, verified=True, primary=True)
    return compte


def ask_for_a_code(client, courriel):
    return client.post(reverse("account_request_login_code"), {"email": courriel})


def bodies(mail):
    return mail.body, mail.alternatives[0].content


def test_a_code_leaves_once_in_the_look_and_is_erased(client, resident, mailoutbox):
    ask_for_a_code(client, resident.courriel)
    waiting = Message.objects.get()

    drain()
    drain()

    [mail] = mailoutbox
    [code] = set(CODE.findall(" ".join(bodies(mail))))
    assert f'<strong class="code">{code}</strong>' in bodies(mail)[1]
    assert "<h1>Votre code de connexion</h1>" in bodies(mail)[1]
    assert "04 65 71 00 00" in bodies(mail)[1]
    assert code not in waiting.shown_text
    assert not CODE.search(str(Message.objects.values().get()))
    assert ERASED in Message.objects.get().texte


def test_a_code_that_waited_too_long_never_leaves(client, resident, mailoutbox, time_machine):
    ask_for_a_code(client, resident.courriel)
    life = timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)
    time_machine.move_to(timezone.now() + life + timedelta(seconds=1))

    drain()

    message = Message.objects.get()
    assert mailoutbox == []
    assert (message.etat, message.erreur) == (Message.Etat.ECHEC, TOO_LATE)
    assert not CODE.search(str(Message.objects.values().get()))


@pytest.mark.parametrize("server", ["closed", "silent"])
def test_who_asks_for_a_code_does_not_wait_for_the_mail_server(
    client, resident, request, by_smtp, bureau, server
):
    by_smtp(request.getfixturevalue(server))

    assert ask_for_a_code(client, resident.courriel).status_code == 302

    by_smtp(bureau.port)
    drain()
    assert [mail["To"] for mail in bureau.received] == [resident.courriel]


@pytest.mark.parametrize("page", ["account_request_login_code", "account_reset_password"])
def test_known_and_unknown_addresses_cost_the_same(resident, page, django_assert_max_num_queries):
    asked = []
    for courriel in (resident.courriel, UNKNOWN):
        with django_assert_max_num_queries(50) as queries:
            Client().post(reverse(page), {"email": courriel})
        written = [q["sql"] for q in queries if "INSERT" in q["sql"] or "UPDATE" in q["sql"]]
        asked.append([re.search(r'(?:INTO|UPDATE) "?(\w+)', sql)[1] for sql in written])

    assert asked[0] == asked[1]
    assert Message.objects.count() == 2


def test_a_page_to_open_is_a_button(client, resident, mailoutbox):
    ask_for_a_code(client, UNKNOWN)

    drain()

    text, html = bodies(mailoutbox[0])
    link = f"http://testserver{reverse('account_signup')}"
    assert link in text
    assert f'<a class="bouton" href="{link}">' in html
    assert html.count(link) == 1


def test_a_warning_about_an_account_stays_of_use_for_two_days(client, resident, mailoutbox):
    client.force_login(resident)
    client.post(reverse("account_set_password"), {"password1": "trois mots sans rapport"})

    message = Message.objects.get()
    drain()

    assert message.secrets == []
    assert message.expire_le - message.cree_le > timedelta(days=1)
    assert mailoutbox[0].subject == "Votre compte a un mot de passe"
    assert "C’était vous" in bodies(mailoutbox[0])[1]
