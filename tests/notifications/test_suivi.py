"""Following: asked for and proved, ended in one touch, erased when over (B11–B13, RFC 8058)."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maisons.suivre import subject
from notifications import suivi
from notifications.lettre import compose
from notifications.models import Abonnement, Message
from notifications.tasks import drain
from tests.factories import CompteFactory, EvenementFactory, MessageFactory, VilleFactory

pytestmark = pytest.mark.django_db
ADDRESS = "linh@exemple.fr"


@pytest.fixture
def event():
    VilleFactory()
    return EvenementFactory(publie=True, titre="Bal d’hiver")


@pytest.fixture
def path(event):
    return reverse("maisons:suivre", args=[event.slug])


def asked(client, path, courriel=ADDRESS):
    return client.post(path, {"courriel": courriel, "site_web": ""})


def only():
    return Abonnement.objects.get()


def code_path(row, act=""):
    return f"/code/{row.code.replace('-', '')}/{act and act + '/'}"


def test_with_an_account_one_button_follows_and_one_ends(client, event, path):
    client.force_login(CompteFactory())

    client.post(path)
    client.post(path)
    row = only()
    client.post(path, {"faire": "arreter"})

    assert (row.sujet, row.courriel) == (subject(event.pk), "")
    assert not Abonnement.objects.exists()
    assert not Message.objects.exists()


def test_an_address_follows_once_its_owner_has_pressed_the_button(client, path):
    asked(client, path, " Linh@Exemple.fr ")
    drain()
    link = code_path(only())
    assert only().code in mail.outbox[0].body or link in mail.outbox[0].body.replace("-", "")

    Client().head(link)
    for _ in range(5):
        Client().get(link)
    assert only().confirme_le is None
    done = Client().post(code_path(only(), "confirmer"))

    assert only().confirme_le is not None
    assert only().courriel == ADDRESS
    assert "Vous suivez" in client.get(done.url).content.decode()


def test_six_digits_finish_what_another_device_began(client, path):
    waiting = asked(client, path).url
    digits = only().six_digits

    wrong = client.post(waiting, {"chiffres": "000000" if digits != "000000" else "111111"})
    done = Client().post(waiting, {"chiffres": f"Code : {digits[:3]} {digits[3:]}."})

    assert "Ce code n’est pas le bon." in wrong.content.decode()
    assert done.status_code == 302
    assert only().confirme_le is not None


def test_five_wrong_digits_end_them_and_the_link_goes_on(client, path):
    waiting, digits = asked(client, path).url, only().six_digits
    wrong = f"{(int(digits) + 1) % 10**6:06}"
    for _ in range(5):
        client.post(waiting, {"chiffres": wrong})

    client.post(waiting, {"chiffres": digits})

    assert only().confirme_le is None
    client.post(code_path(only(), "confirmer"))
    assert only().confirme_le is not None


def test_known_and_unknown_addresses_are_answered_alike(path):
    asked(Client(), path)
    suivi.confirm(only())
    Message.objects.all().delete()

    pages = []
    for courriel in (ADDRESS, "jamais@exemple.fr"):
        client = Client()
        answer = asked(client, path, courriel)
        page = client.get(answer.url).content.decode()
        token = client.cookies["csrf"].value
        page = page.replace(answer.url, "").replace(token, "")
        pages.append(page.replace(courriel.split("@")[0], "X"))
        assert answer.status_code == 302

    strip = [p.split("csrfmiddlewaretoken")[0] for p in pages]
    assert strip[0] == strip[1]
    assert Message.objects.count() == 2
    assert Abonnement.objects.filter(confirme_le__isnull=False).count() == 1


def test_asking_again_ends_the_first_code(client, path):
    asked(client, path)
    first = code_path(only())

    asked(client, path)

    assert client.get(first).status_code == 404
    assert client.get(code_path(only())).status_code == 200


def test_who_asks_too_often_is_told_to_wait(client, path):
    answers = [asked(client, path) for _ in range(6)]

    assert [a.status_code for a in answers] == [302] * 5 + [429]
    assert "Il y a eu beaucoup de demandes à votre nom." in answers[-1].content.decode()


def test_the_trap_and_an_empty_answer_write_nothing(client, path):
    client.post(path, {"courriel": ADDRESS, "site_web": "http://robot.example"})
    client.post(path, {"courriel": ""})

    assert not Abonnement.objects.exists()


@pytest.fixture
def followed(event):
    return Abonnement.objects.create(
        sujet=subject(event.pk), courriel=ADDRESS, confirme_le=timezone.now()
    )


def stop(row):
    return reverse("notifications:arreter", args=[suivi.sign(row.pk)])


def test_a_mail_program_ends_letters_with_one_post_and_a_scanner_ends_nothing(followed):
    strict = Client(enforce_csrf_checks=True)
    page = strict.get(stop(followed))
    strict.head(stop(followed))
    assert Abonnement.objects.exists()
    assert not page.cookies

    answers = [
        strict.post(stop(followed), {"List-Unsubscribe": "One-Click"}).status_code for _ in range(2)
    ]

    assert answers == [200, 200]
    assert not Abonnement.objects.exists()


@pytest.mark.parametrize("token", ["1", "1:faux", "x:y", "²:x"])
def test_a_forged_token_ends_nothing(client, followed, token):
    path = reverse("notifications:arreter", args=[token])

    assert client.post(path).status_code == 404
    assert Abonnement.objects.exists()


def test_letters_say_how_to_end_them_and_other_messages_do_not(settings):
    address = "https://ville.example/abonnements/1:x/"
    letter = compose(MessageFactory(desabonnement=address), server=None).message()
    other = compose(MessageFactory(), server=None).message()

    assert letter["List-Unsubscribe"] == f"<{address}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert other["List-Unsubscribe"] is None


def test_my_messages_show_mine_each_with_its_button(client, event, followed):
    me = CompteFactory(courriel=ADDRESS)
    foreign = Abonnement.objects.create(
        sujet=subject(event.pk), compte=CompteFactory(), confirme_le=timezone.now()
    )
    client.force_login(me)
    path = reverse("notifications:preferences")

    page = client.get(path)
    refused = client.post(path, {"arreter": foreign.pk}).status_code
    forged = client.post(path, {"arreter": "²"}).status_code
    client.post(path, {"arreter": followed.pk})

    assert [row for row, _ in page.context["lettres"]] == [followed]
    assert "Les messages nécessaires" in page.content.decode()
    assert (refused, forged) == (404, 404)
    assert list(Abonnement.objects.all()) == [foreign]


def test_subscriptions_go_with_the_account(event):
    compte = CompteFactory()
    suivi.follow(subject(event.pk), compte)

    compte.delete()

    assert not Abonnement.objects.exists()


def test_what_nobody_confirmed_and_what_is_over_is_erased(event, followed, time_machine):
    Abonnement.objects.create(sujet=subject(event.pk), courriel="oublie@exemple.fr")
    gone = Abonnement.objects.create(
        sujet="evenement:987654", courriel=ADDRESS, confirme_le=timezone.now()
    )
    time_machine.move_to(timezone.now() + timedelta(days=2))

    suivi.erase_outdated()
    assert list(Abonnement.objects.all()) == [followed]
    assert not Abonnement.objects.filter(pk=gone.pk).exists()
    time_machine.move_to(timezone.now() + timedelta(days=120))
    suivi.erase_outdated()

    assert not Abonnement.objects.exists()
