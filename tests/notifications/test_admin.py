"""City administrators see what left, what waits and why; nobody else does."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from notifications.models import Message
from notifications.tasks import drain
from tests.factories import AffectationFactory, CompteFactory, MessageFactory

pytestmark = pytest.mark.django_db
Etat = Message.Etat
LIST = reverse("admin:notifications_message_changelist")


def url(page, message):
    return reverse(f"admin:notifications_message_{page}", args=[message.pk])


@pytest.fixture
def administrator(client):
    compte = CompteFactory(is_superuser=True)
    client.force_login(compte)
    return compte


def found(client, **query):
    return list(client.get(LIST, query).context["cl"].result_list)


def test_the_list_begins_with_what_somebody_may_have_to_see_to(client, administrator):
    sent, to_call, waiting, failed = [
        MessageFactory(etat=etat)
        for etat in (Etat.ENVOYE, Etat.A_APPELER, Etat.ATTENTE, Etat.ECHEC)
    ]

    assert found(client) == [failed, waiting, to_call, sent]
    assert found(client, etat__exact="echec") == [failed]


@pytest.mark.parametrize(
    "typed", ["O’Neill", "Camille@", "+33 6 39 98 01 23", "0639980123", "06.39.98.01.23", "4321"]
)
def test_a_message_is_found_by_person_by_phone_and_by_creneau(client, administrator, typed):
    MessageFactory()
    by_mail = MessageFactory(
        nom="Camille O’Neill", destinataire="camille@rivemont.example", creneau=4321
    )
    by_phone = MessageFactory(destinataire="06 39 98 01 23", etat=Etat.A_APPELER)

    assert found(client, q=typed) == [by_phone if "39" in typed else by_mail]


def test_the_page_of_a_message_shows_the_error_and_no_code(client, administrator):
    message = MessageFactory(
        objet="Code 123456",
        texte="<b>Code 123456</b>",
        secrets=["123456"],
        erreur="451 Plus tard",
        essais=3,
    )

    page = client.get(url("change", message)).content.decode()
    listed = client.get(LIST).content.decode()

    assert "451 Plus tard" in page
    assert "&lt;b&gt;Code ••••&lt;/b&gt;" in page
    assert "123456" not in page + listed
    assert 'name="_save"' not in page


def test_a_code_is_shown_to_whoever_has_to_say_it(client, administrator):
    message = MessageFactory(etat=Etat.A_APPELER, texte="Code 123456", secrets=["123456"])

    before = client.get(url("change", message)).content.decode()
    client.post(url("call", message))
    after = client.get(url("change", message)).content.decode()

    assert "Code 123456" in before
    assert "123456" not in after


def test_a_refused_message_is_sent_again_with_its_code(client, administrator, mailoutbox):
    message = MessageFactory(etat=Etat.ECHEC, texte="Code 123456", secrets=["123456"])
    assert "Renvoyer le message" in client.get(url("change", message)).content.decode()

    client.post(url("resend", message))
    drain()

    message.refresh_from_db()
    assert message.etat == Etat.ENVOYE
    assert "123456" in mailoutbox[0].body


@pytest.mark.parametrize("state", [{"etat": Etat.ENVOYE}, {"expire_le": timezone.now()}])
def test_what_left_or_is_of_no_use_is_not_sent_again(client, administrator, state):
    message = MessageFactory(**{"etat": Etat.ECHEC} | state)

    page = client.get(url("change", message)).content.decode()
    response = client.post(url("resend", message), follow=True)

    message.refresh_from_db()
    assert message.etat != Etat.ATTENTE
    assert "Renvoyer" not in page
    assert "ne peut plus être envoyé" in response.content.decode()


def test_what_was_said_by_telephone_is_noted_once_with_who_said_it(client, administrator):
    message = MessageFactory(etat=Etat.A_APPELER, texte="Code 123456", secrets=["123456"])
    read_before = Message.objects.get()

    client.post(url("call", message))

    message.refresh_from_db()
    assert (message.etat, message.dit_par) == (Etat.APPELE, administrator)
    assert message.texte == "Code ••••"
    with pytest.raises(ValidationError):
        read_before.mark_called(by=CompteFactory())


@pytest.mark.parametrize("page", ["resend", "call"])
def test_acts_are_posts(client, administrator, page):
    assert client.get(url(page, MessageFactory())).status_code == 405


@pytest.mark.parametrize("page", ["change", "history", "resend", "call"])
def test_outsiders_read_404_and_roles_are_refused(client, page):
    message = MessageFactory(etat=Etat.A_APPELER)
    method = client.post if page in ("resend", "call") else client.get

    client.force_login(CompteFactory())
    outsider = method(url(page, message)).status_code
    client.force_login(AffectationFactory(role="direction").compte)
    role = method(url(page, message)).status_code

    message.refresh_from_db()
    assert outsider == 404
    assert role in (403, 404)
    assert message.etat == Etat.A_APPELER


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_constant_queries(client, administrator, django_assert_num_queries, count):
    MessageFactory.create_batch(count)

    with django_assert_num_queries(8):
        client.get(LIST)


def test_messages_about_some_creneaux_are_those_and_no_others():
    about = MessageFactory(creneau=1)
    MessageFactory(creneau=3)
    MessageFactory()

    assert list(Message.objects.about([1, 2])) == [about]


def test_a_message_may_be_sent_again_until_it_expires(time_machine):
    message = MessageFactory(etat=Etat.ECHEC)
    assert message.can_resend()

    time_machine.move_to(message.expire_le + timedelta(seconds=1))

    assert not message.can_resend()
