"""The desk reads the series of activities and of loans, and changes those of permanences."""

from datetime import timedelta

import pytest
from django.urls import reverse

from associations import activites, prets
from associations.models import MiseADisposition
from maisons import series
from maisons.models import Fermeture, Serie
from permanences import vacations
from tests.factories import (
    ActiviteFactory,
    AdhesionFactory,
    AffectationFactory,
    CompteFactory,
    FermetureFactory,
    PermanenceFactory,
    SalleFactory,
    SerieFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db


def sessions(maison, rule):
    activites.plan(ActiviteFactory(maison=maison, publie=True), rule())


def loans(maison, rule):
    pret = MiseADisposition(
        association=AdhesionFactory().association,
        maison=maison,
        salle=SalleFactory(maison=maison),
        usage="repetition",
    )
    prets.ask_serie(rule(salle=pret.salle, portee="salle"), pret, by=CompteFactory())


def permanence(maison, rule):
    given = PermanenceFactory(maison=maison, salle=SalleFactory(maison=maison))
    vacations.plan(given, rule(salle=given.salle, portee="salle"))


@pytest.fixture(params=[sessions, loans])
def serie(client, request):
    return planned(client, request.param)


def planned(client, plan):
    """In the house of an agent who is signed in; its first day is left out."""
    VilleFactory()
    agent = AffectationFactory()
    client.force_login(agent.compte)

    def rule(**place):
        place = {"salle": None, "portee": "sans_salle"} | place
        found = SerieFactory.build(maison=agent.maison, **place)
        FermetureFactory(maison=agent.maison, debut=found.span(found.premier)[0])
        return found

    plan(agent.maison, rule)
    Fermeture.objects.all().delete()
    return Serie.objects.get()


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


def test_its_page_leads_where_its_dates_are_changed_and_offers_no_act(client, serie):
    date = series.dates(serie).first()
    there = date.kind.admin_url(date)

    page = client.get(url("change", serie)).content.decode()

    assert f'href="{there}"' in page
    assert client.get(there).status_code == 200
    assert url("put_back", serie) in page  # the days left out are read
    assert "Remettre" not in page
    assert url("modifier", serie) not in page


def test_a_series_of_a_permanence_ends_later(client):
    serie = planned(client, permanence)
    count, later = series.dates(serie).count(), serie.dernier + timedelta(weeks=2)

    client.post(url("prolonger", serie), {"dernier": later, "faire": "1"})

    assert series.dates(serie).count() == count + 2
