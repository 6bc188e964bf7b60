"""Rivemont's volunteers: what somebody who acts for an association finds to do."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from associations.models import Inscription
from comptes.models import Compte
from portail.rivemont.benevoles import FULL
from portail.rivemont.comptes import ASSOCIATION
from tests.portail.test_peupler import populate

pytestmark = pytest.mark.django_db
WEDNESDAY = datetime.fromisoformat("2025-11-12T09:10+01:00")
WAITS = [
    "Séances d’aujourd’hui",
    "Personnes à appeler",
    "Places proposées, sans réponse",
    "Activités en brouillon",
    "Adhésions et assurances à renouveler",
]


def to_do(client, now):
    """The titles of what waits on the home page of `association@`."""
    with time_machine.travel(now, tick=False):
        client.force_login(Compte.objects.get(courriel=ASSOCIATION))
        response = client.get(reverse("admin:index"))
    return [section["title"] for section in response.context["sections"]]


def test_each_kind_of_line_waits_for_the_volunteer_and_again_days_later(client):
    morning, later = WEDNESDAY, WEDNESDAY + timedelta(days=9)

    populate(morning)
    first = to_do(client, morning)
    populate(later)

    assert set(first) == set(WAITS)
    assert set(to_do(client, later)) == set(WAITS)
    assert Inscription.objects.holding().filter(activite__titre=FULL).count() == 12
    offered = Inscription.objects.get(etat="proposee", activite__association__nom__contains="Rive")
    assert 0 < (offered.expire_le - later).total_seconds() <= 48 * 3600
