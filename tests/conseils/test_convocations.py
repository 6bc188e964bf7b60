"""A member ends the convocations by a link of the letter and one button; the secretary is told."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conseils import convocations, envois, seances
from conseils.models import Conseiller
from notifications.adresses import digest
from notifications.models import Abonnement, Message
from notifications.tasks import drain
from tests.conseils.test_envois import MEMBERS, conseil, followed_by, meeting
from tests.factories import ConseillerFactory, SecretariatFactory

__all__ = ["conseil", "meeting"]
pytestmark = pytest.mark.django_db
ADDRESS = MEMBERS[0]
STOP = re.compile(r"https?://[^/]+(/abonnements/convocations/\S+/)")


def stop(conseil, courriel=ADDRESS):
    return reverse("conseils:convocations", args=[convocations.sign(conseil.pk, courriel)])


def members(courriel=ADDRESS):
    return Conseiller.objects.filter(courriel=courriel)


def test_the_letter_of_a_member_leads_to_the_page_that_ends_it(client, meeting):
    seances.publish(meeting)
    drain()

    [letter] = [letter for letter in mail.outbox if letter.to == [ADDRESS]]
    path = STOP.search(letter.body)[1]
    assert path in letter.alternatives[0][0]
    assert path == stop(meeting.conseil)
    assert "List-Unsubscribe" not in letter.extra_headers  # a convocation is owed
    assert client.get(path).status_code == 200
    assert path not in Message.objects.get(destinataire=ADDRESS).texte  # erased once it left


def test_opening_the_link_ends_nothing_and_one_button_does(meeting):
    """A scanner of mail opens links (rule 1); the button needs neither account nor cookie."""
    conseil, browser = meeting.conseil, Client(enforce_csrf_checks=True)
    page = browser.get(stop(conseil))
    browser.head(stop(conseil))
    assert members().exists()
    assert not page.cookies
    assert ADDRESS not in page.content.decode()

    answers = [browser.post(stop(conseil)) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert "Convocations arrêtées" in answers[1].content.decode()
    assert not members().exists()
    seances.publish(meeting)
    assert ADDRESS in envois.recipients(conseil)[1]  # who follows it besides goes on following


def test_it_ends_those_of_one_council_at_one_address(conseil):
    couple = ConseillerFactory(conseil=conseil, courriel=ADDRESS)
    elsewhere = ConseillerFactory(courriel=ADDRESS)
    followed = Abonnement.objects.count()

    Client().post(stop(conseil))

    assert list(members()) == [elsewhere]
    assert not Conseiller.objects.get(pk=couple.pk).courriel
    assert members(MEMBERS[1]).exists()
    assert Abonnement.objects.count() == followed


def test_who_prepares_the_meetings_is_told_once(conseil):
    mandate, _ = SecretariatFactory(conseil=conseil), SecretariatFactory()
    yesterday = timezone.localdate() - timedelta(days=1)
    SecretariatFactory(conseil=conseil, debut=yesterday, fin=yesterday)
    name = members().get().nom

    for _ in range(2):
        Client().post(stop(conseil))

    letter = Message.objects.get()
    assert letter.destinataire == mandate.compte.courriel
    assert name in letter.objet
    assert f"/gestion/conseils/conseil/{conseil.pk}/change/" in letter.texte
    assert ADDRESS not in letter.texte + letter.html + letter.objet + letter.cle


@pytest.mark.parametrize(
    "token", ["1", "{pk}:faux", "{pk}:{mark}:faux", "{pk}:{mark}", "²:x:y", ":::"]
)
def test_a_forged_token_ends_nothing(client, conseil, token):
    """Who knows all of it but our key opens no page."""
    mark = digest(ADDRESS, convocations.PURPOSE)
    forged = token.format(pk=conseil.pk, mark=mark)
    path = reverse("conseils:convocations", args=[forged])

    assert [client.get(path).status_code, client.post(path).status_code] == [404, 404]
    assert members().exists()


def test_the_token_of_an_address_that_was_corrected_ends_nothing_of_the_new_one(client, conseil):
    old = stop(conseil)
    members().update(courriel="ada@ailleurs.fr")

    client.post(old)

    assert members("ada@ailleurs.fr").exists()
    assert not Message.objects.exists()


def test_a_follower_ends_nothing_of_a_member(client, conseil):
    row = followed_by(conseil, "autre@exemple.fr")
    path = reverse(
        "conseils:convocations", args=[convocations.SIGNER.sign(f"{conseil.pk}:{row.pk}")]
    )

    assert "arrêtées" in client.post(path).content.decode()
    assert members().exists()
