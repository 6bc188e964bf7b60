"""Each reading of who comes is noted once: by whom, of whom, on which page, when, from where."""

import pytest
from django.utils import timezone

from permanences import lectures
from permanences.models import Lecture
from tests.factories import CompteFactory, RendezVousFactory, VacationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_of(rf):
    request = rf.get("/", REMOTE_ADDR="192.0.2.7", HTTP_X_FORWARDED_FOR="203.0.113.9")
    request.user = CompteFactory(nom="Agnès")
    return request


@pytest.mark.parametrize(("proxies", "address"), [(0, "192.0.2.7"), (1, "203.0.113.9")])
def test_who_read_whom_where_and_when(settings, request_of, proxies, address):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    before, row = timezone.now(), RendezVousFactory()

    lectures.note(request_of, [row], "journée")

    read = Lecture.objects.get()
    assert (read.compte, read.lecteur, read.rendez_vous) == (request_of.user, "Agnès", row)
    assert (read.page, read.adresse) == ("journée", address)
    assert before <= read.le <= timezone.now()


def test_nobody_shown_is_nothing_noted(request_of, django_assert_num_queries):
    with django_assert_num_queries(0):
        lectures.note(request_of, [], "journée")


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_one_statement(request_of, django_assert_num_queries, count):
    vacation = VacationFactory()
    slots = vacation.slots()[:count]
    rows = [RendezVousFactory(vacation=vacation, debut=debut) for debut, _ in slots]

    with django_assert_num_queries(1):
        lectures.note(request_of, rows, "journée")

    assert Lecture.objects.count() == count


def test_it_outlives_who_read(request_of):
    row = RendezVousFactory()
    lectures.note(request_of, [row], "journée")

    request_of.user.delete()

    assert Lecture.objects.get().lecteur == "Agnès"
