"""No page of the councils walks a table that grows, however many meetings there are."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.charge.conseils import fill, pages
from tests.portail.test_plans import as_new, read

pytestmark = pytest.mark.django_db
SMALL, LARGE = 200, 3_000
CRENEAUX = 7  # around each meeting
GROWING = ("conseils_point", "conseils_reunion", "maisons_creneau", "point_", "creneau_")
# Of search engines and of the whole site, other tests; a common word is in most of the items.
WHOLE = {"plan pour les moteurs", "chercher, un mot courant", "chercher dans tout le site"}
# Of three thousand short rows, some eighty are to come, or hold the word: reading all is best.
RIGHTLY = {
    "tous les conseils": ["Seq Scan on conseils_reunion"],
    "chercher, un mot rare": ["Seq Scan on conseils_reunion"],
}
STATEMENTS = {
    "tous les conseils": 3,
    "un conseil": 7,
    "un conseil, une autre année": 7,
    "une réunion": 6,
    "une réunion, en PDF déjà fait": 5,
    "chercher, un mot courant": 5,
    "chercher, un mot rare": 5,
    "chercher, un conseil et une année": 5,
    "chercher dans tout le site": 12,
    "données ouvertes, première page": 8,
    "plan pour les moteurs": 21,
}


@pytest.fixture(scope="module", params=[SMALL, LARGE])
def councils(request, django_db_setup, django_db_blocker):
    """So many meetings of twelve items, the tables analysed; nothing of it is committed."""
    with django_db_blocker.unblock():
        as_new()
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("peupler", creneaux=CRENEAUX * request.param, stdout=StringIO())
        fill(meetings=request.param, councils=10 if request.param == SMALL else 40)
        yield request.param
        transaction.set_rollback(True)


def visit(client, name):
    path = pages()[name]
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return asked


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_page_of_the_councils_costs_constant_queries(client, councils, name):
    assert len(visit(client, name)) == STATEMENTS[name]


@pytest.mark.parametrize("councils", [LARGE], indirect=True)
@pytest.mark.parametrize("name", sorted(STATEMENTS.keys() - WHOLE))
def test_a_page_of_the_councils_reads_no_whole_table(client, councils, name):
    found = read(visit(client, name), GROWING)

    walked = [node for node in found if node.startswith("Seq Scan")]
    assert set(walked) <= set(RIGHTLY.get(name, []))
