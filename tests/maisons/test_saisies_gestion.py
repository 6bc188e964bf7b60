"""What staff type or forge that once broke a page: told in a sentence, nothing written."""

import pytest
from django.urls import reverse

from maisons.models import Evenement, Fermeture
from tests.factories import EvenementFactory, SalleFactory
from tests.maisons.test_admin_evenement import page

pytestmark = pytest.mark.django_db


def test_a_date_forged_for_another_event_is_refused(client, agent):
    room = SalleFactory(maison=agent.maison)
    form = page(agent.maison, {"salle": room.pk, "evenement": EvenementFactory().pk})

    response = client.post(reverse("admin:maisons_evenement_add"), form)

    assert response.status_code == 200
    assert Evenement.objects.count() == 1


@pytest.mark.parametrize("year", ["0001", "9999"])
def test_a_series_of_no_calendar_is_refused(client, agent, year):
    event = EvenementFactory(maison=agent.maison)
    days = {"repeter-premier": f"{year}-12-30", "repeter-dernier": f"{year}-12-31"}

    response = client.post(reverse("admin:maisons_serie_repeat", args=[event.pk]), days)

    assert "n’existe pas" in response.context["form"].errors["premier"][0]


@pytest.mark.parametrize("year", ["0001", "1999", "2101", "9999"])
def test_a_closure_of_no_calendar_is_refused(client, agent, year):
    typed = {"maison": agent.maison.pk, "motif": "travaux"}
    typed |= {"debut": f"{year}-12-30T10:00", "fin": f"{year}-12-30T12:00"}

    response = client.post(reverse("admin:maisons_fermeture_add"), typed)

    assert {"debut", "fin"} <= set(response.context["adminform"].form.errors)
    assert Fermeture.objects.count() == 0
