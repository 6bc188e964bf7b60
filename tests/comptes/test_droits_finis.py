"""Rights end now: the very next request of a session that stays open is refused (G17)."""

import os
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maisons.models import Affectation
from tests.connexion import sign_in
from tests.factories import AffectationFactory, CompteFactory, ReservationFactory, VilleFactory

pytestmark = pytest.mark.django_db
ROUNDS = 100 if os.environ.get("COMPLET") else 3
PASSWORD, NEW = "trois mots sans rapport", "quatre autres mots neufs"


@pytest.fixture(autouse=True)
def _ville():
    VilleFactory()


@pytest.fixture
def agent():
    compte = CompteFactory(password=PASSWORD)
    EmailAddress.objects.create(user=compte, email=compte.courriel, verified=True, primary=True)
    return AffectationFactory(compte=compte, role=Affectation.Role.DIRECTION)


def withdrawn(mandate):
    mandate.delete()


def ended_yesterday(mandate):
    mandate.debut = mandate.fin = timezone.localdate() - timedelta(days=1)
    mandate.save()


def given_elsewhere(mandate):
    mandate.maison = AffectationFactory().maison
    mandate.save()


def account_closed(mandate):
    mandate.compte.is_active = False
    mandate.compte.save()


def password_changed(mandate):
    """By the person, in another browser."""
    other = Client()
    other.force_login(mandate.compte)
    typed = {"oldpassword": PASSWORD, "password1": NEW}
    assert other.post(reverse("account_change_password"), typed).status_code == 302


def staff_pages(booking):
    """{what: (method, address)}: reading and writing."""
    row = reverse("admin:maisons_reservation_change", args=[booking.pk])
    return {
        "home": ("get", reverse("admin:index")),
        "row": ("get", row),
        "list": ("get", reverse("admin:maisons_reservation_changelist")),
        "write": ("post", reverse("admin:maisons_reservation_confirm", args=[booking.pk])),
    }


@pytest.mark.parametrize("page", ["home", "row", "list", "write"])
@pytest.mark.parametrize(
    "ends", [withdrawn, ended_yesterday, given_elsewhere, account_closed, password_changed]
)
def test_the_next_request_is_refused(agent, ends, page):
    booking = ReservationFactory(maison=agent.maison)
    client = Client()
    sign_in(client, agent.compte)
    assert client.get(reverse("admin:index")).status_code == 200

    ends(agent)

    method, address = staff_pages(booking)[page]
    answer = getattr(client, method)(address)
    shows = ends is given_elsewhere and page in ("home", "list")  # of another house
    assert (answer.status_code == 200) is shows
    assert booking.demandeur.nom not in answer.content.decode()
    booking.refresh_from_db()
    assert booking.etat == booking.Etat.DEMANDEE


def test_a_mandate_ends_at_midnight_in_an_open_session(client, agent):
    agent.fin = timezone.localdate()
    agent.save()
    midnight = timezone.localtime().replace(hour=23, minute=59, second=58)
    with time_machine.travel(midnight):
        client.force_login(agent.compte)
        assert client.get(reverse("admin:index")).status_code == 200
    with time_machine.travel(midnight + timedelta(seconds=2)):
        assert client.get(reverse("admin:index")).status_code == 404


@pytest.mark.parametrize("ends", [account_closed, password_changed])
def test_a_resident_session_ends_too(agent, ends):
    client, space = Client(), reverse("portail:mon_espace")
    client.force_login(agent.compte)
    assert client.get(space).status_code == 200

    ends(agent)

    assert client.get(space).status_code == 302


def test_round_after_round(agent):
    """Given and withdrawn, request after request: nothing remembers what was."""
    client = Client()
    sign_in(client, agent.compte)
    answers = []
    for _ in range(ROUNDS):
        answers.append(client.get(reverse("admin:index")).status_code)
        agent.delete()
        answers.append(client.get(reverse("admin:index")).status_code)
        agent.save(force_insert=True)

    assert answers == [200, 404] * ROUNDS
