"""The public page of an event that comes back: its rhythm, and the days without a date."""

from datetime import timedelta

import pytest
from django.utils.html import escape

from maisons.models import DateEcartee
from tests.factories import EvenementFactory, SalleFactory, SerieFactory

Cause = DateEcartee.Cause


@pytest.fixture
def event():
    return EvenementFactory(publie=True)


@pytest.fixture
def season(event):
    room = SalleFactory(maison=event.maison)
    return SerieFactory(evenement=event, maison=event.maison, salle=room)


def leave_out(serie, days, cause, detail=""):
    jour = serie.premier + timedelta(days=days)
    return DateEcartee.objects.create(serie=serie, jour=jour, cause=cause, detail=detail)


@pytest.mark.django_db
def test_the_public_reads_the_rhythm_and_why_a_date_is_missing(client, event, season):
    leave_out(season, 1, Cause.VACANCES, "vacances de Noël")

    page = client.get(event.get_absolute_url()).content.decode()

    assert escape(str(season).capitalize()) in page
    assert "1 jour sans date" in page
    assert ": vacances de Noël" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("days", "cause"), [(-30, Cause.FERIE), (2, Cause.HORS_VACANCES)], ids=["past", "the rhythm"]
)
def test_days_that_say_nothing_new_are_not_told(client, event, season, days, cause):
    leave_out(season, days, cause)

    page = client.get(event.get_absolute_url()).content.decode()

    assert "sans date" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_an_event_in_series_costs_constant_queries(client, event, django_assert_num_queries, count):
    for _ in range(count):
        room = SalleFactory(maison=event.maison)
        leave_out(SerieFactory(evenement=event, maison=event.maison, salle=room), 1, Cause.FERIE)
    client.get(event.get_absolute_url())

    with django_assert_num_queries(6):
        client.get(event.get_absolute_url())
