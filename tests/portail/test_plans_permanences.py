"""No page of the permanences walks a table that grows, however many years of dates there are."""

from copy import copy
from datetime import time, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from maisons.heures import starts_at
from maisons.models import Maison
from permanences import vacations
from permanences.models import Permanence, Vacation
from portail.copie import copy_creneaux
from tests.factories import FicheFactory, MediateurFactory, PermanenceFactory, ServiceFactory
from tests.portail.test_plans import as_new, read

pytestmark = pytest.mark.django_db
EACH, HOUSES, WEEKS = 30, 6, range(-50, 8)  # ten thousand dates
GROWING = ("creneau", "maisons_creneau", "vacation", "permanences_vacation", "permanences_rendez")
# Of ten thousand dates in a narrow table, a thousand are of the five weeks: reading all is best.
RIGHTLY = "Seq Scan on permanences_vacation"
STATEMENTS = {
    "/permanences/": 8,
    "/permanences/?besoin=courrier": 10,
    "/permanences/?jour=lundi&sans_rdv=oui": 8,
    "/permanences/?maison={maison}": 8,
    "/permanences/{permanence}/": 5,
    "/permanences/{permanence}/carte/": 3,
    "/permanences/services/{service}/": 8,
    "/elus/": 3,
}


@pytest.fixture(scope="module")
def years(django_db_setup, django_db_blocker):
    """A year of thirty permanences a house, on one weekday each; nothing of it is committed."""
    with django_db_blocker.unblock():
        as_new()
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("peupler", creneaux=1_750, stdout=StringIO())
        FicheFactory(besoins=["courrier"])
        rows = [row for house in Maison.objects.order_by("pk")[:HOUSES] for row in fill(house)]
        copy_creneaux(Vacation, rows)
        connection.check_constraints()  # here once, else after each test
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        yield len(rows)
        transaction.set_rollback(True)


def fill(house):
    """The dates, not saved, of the permanences of a house: one service in three, all modes."""
    now = timezone.now()
    for rank in range(EACH):
        service = ServiceFactory(besoins=["courrier"], publie_le=now)
        permanence = PermanenceFactory(
            service=service,
            maison=house,
            salle=None,
            mode=list(Permanence.Mode)[rank % 3],
            mediateur=MediateurFactory(),
            publie_le=now,
        )
        first = vacations.make(permanence, debut=now, fin=now)
        first.clean_fields(exclude=["libere_a", "nature"])
        for week in WEEKS:
            date = copy(first)
            day = timezone.localdate() + timedelta(weeks=week, days=rank % 7)
            date.debut = starts_at(day, time(9))
            date.fin = date.debut + timedelta(hours=3)
            date.clean()
            yield date


def address(path):
    permanence = Permanence.objects.select_related("maison", "service").order_by("-pk").first()
    return path.format(
        maison=permanence.maison.slug, permanence=permanence.slug, service=permanence.service.slug
    )


def visit(client, path):
    place = address(path)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(place).status_code == 200
    return asked


@pytest.mark.parametrize("path", STATEMENTS)
def test_a_page_costs_constant_queries_and_reads_no_whole_table(client, years, path):
    asked = visit(client, path)

    assert years > 10_000
    assert len(asked) == STATEMENTS[path]
    found = {node: rows for node, rows in read(asked, GROWING).items() if node != RIGHTLY}
    assert {node: rows for node, rows in found.items() if rows > years / 4} == {}
