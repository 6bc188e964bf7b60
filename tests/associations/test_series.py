"""The desk of a house reads the series of an activity; it is changed with its activity alone."""

import pytest
from django.urls import reverse

from associations import activites
from maisons import series
from tests.factories import (
    ActiviteFactory,
    AffectationFactory,
    FermetureFactory,
    SerieFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def serie(client):
    """Of an activity in the house of an agent who is signed in; its first day is left out."""
    VilleFactory()
    agent = AffectationFactory()
    client.force_login(agent.compte)
    activite = ActiviteFactory(maison=agent.maison, publie=True, titre="Chorale du soir")
    rule = SerieFactory.build(maison=agent.maison, salle=None, portee="sans_salle")
    closure = FermetureFactory(maison=agent.maison, debut=rule.span(rule.premier)[0])
    activites.plan(activite, rule)
    closure.delete()
    return rule


def url(page, serie):
    return reverse(f"admin:maisons_serie_{page}", args=[serie.pk])


@pytest.mark.parametrize("act", ["modifier", "annuler", "prolonger", "put_back"])
def test_no_act_of_the_desk_changes_it(client, serie, act):
    before = list(series.dates(serie).values())
    answers = {"ecartee": serie.ecartees.get().pk, "depuis": serie.days()[3], "de": "19:00"}
    answers |= {"a": "20:00", "dernier": serie.dernier.replace(year=serie.dernier.year + 1)}

    response = client.post(url(act, serie), answers | {"faire": "1"})

    assert response.status_code == 403
    assert list(series.dates(serie).values()) == before
    assert serie.ecartees.count() == 1


def test_its_page_leads_to_the_activity_and_offers_no_act(client, serie):
    activite = series.dates(serie).first().activite

    page = client.get(url("change", serie)).content.decode()

    assert f'href="{activite.get_absolute_url()}"' in page
    assert url("put_back", serie) in page  # the days left out are read
    assert "Remettre" not in page
    assert url("modifier", serie) not in page
