"""A factor that is lost: a city administrator takes it away, and everybody can know."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from notifications.models import Message
from tests.cle import give_key
from tests.comptes.test_protection import DESK, agent, browser, page, signed_in, with_password
from tests.connexion import SigningClient, code_of_now, give_factor
from tests.factories import AffectationFactory, CompteFactory

pytestmark = pytest.mark.django_db
__all__ = ["agent", "browser"]


@pytest.fixture
def city(client):
    """Signed in as a city administrator."""
    compte = CompteFactory(is_superuser=True)
    client.force_login(compte)
    return compte


def rescue(compte):
    return reverse("admin:comptes_compte_rescue", args=[compte.pk])


def test_it_is_asked_then_done_logged_and_told(client, city, agent, browser):
    give_factor(agent)
    give_key(agent)
    browser.post(with_password(browser, agent).url, {"code": code_of_now()})

    asked = client.get(rescue(agent))
    kept = Authenticator.objects.filter(user=agent).count()
    done = client.post(rescue(agent), follow=True).content.decode()

    assert "Rappelez-la à un numéro que vous connaissez." in asked.content.decode()
    assert kept == 2
    assert f"La deuxième preuve de {agent} est retirée." in done
    assert not Authenticator.objects.filter(user=agent).exists()
    assert (LogEntry.objects.get().user, LogEntry.objects.get().object_id) == (city, str(agent.pk))
    told = Message.objects.get(destinataire=agent.courriel)
    assert told.objet == "La deuxième preuve de votre compte est retirée"
    assert not signed_in(browser)


def test_whoever_was_rescued_sets_up_another_before_the_desk(client, city, agent, browser):
    give_factor(agent)
    client.post(rescue(agent))

    with_password(browser, agent)

    assert browser.get(DESK).url == page("index")


def test_a_session_that_showed_the_old_factor_shows_the_new_one(client, agent):
    client.force_login(agent)
    Authenticator.objects.filter(user=agent).delete()
    give_factor(agent)

    assert client.get(DESK).url.startswith(page("reauthenticate"))


def test_the_button_is_there_when_there_is_something_to_take_away(client, city, agent):
    change = reverse("admin:comptes_compte_change", args=[agent.pk])
    without = client.get(change).content.decode()
    give_factor(agent)

    assert rescue(agent) not in without
    assert rescue(agent) in client.get(change).content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_takes_away_their_own(client, city, method):
    give_factor(city)

    answer = getattr(client, method)(rescue(city))

    assert answer.status_code == 403
    assert Authenticator.objects.filter(user=city).exists()
    change = reverse("admin:comptes_compte_change", args=[city.pk])
    assert rescue(city) not in client.get(change).content.decode()


@pytest.mark.parametrize("role", ["accueil", "direction"])
def test_a_house_takes_away_nobody_s(agent, role):
    give_factor(agent)
    browser = SigningClient()
    browser.force_login(AffectationFactory(role=role).compte)

    assert browser.post(rescue(agent)).status_code == 403
    assert Authenticator.objects.filter(user=agent).exists()


def test_an_administrator_without_a_factor_takes_away_nothing(agent):
    give_factor(agent)
    browser = Client()
    browser.force_login(CompteFactory(is_superuser=True))

    assert browser.post(rescue(agent)).url == page("index")
    assert Authenticator.objects.filter(user=agent).exists()
