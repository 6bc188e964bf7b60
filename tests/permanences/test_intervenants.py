"""The list of who holds a permanence, for city administrators."""

import pytest
from django.urls import reverse

from tests.factories import IntervenantFactory, VilleFactory

pytestmark = pytest.mark.django_db
LIST, QUERIES = reverse("admin:permanences_intervenant_changelist"), 8


@pytest.fixture(autouse=True)
def _ville():
    VilleFactory()


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same(admin_client, django_assert_num_queries, count):
    mine = IntervenantFactory.create_batch(count)

    with django_assert_num_queries(QUERIES):
        response = admin_client.get(LIST)

    assert set(response.context["cl"].result_list) == set(mine)


@pytest.mark.parametrize("asked", ["x", "0", ""])
def test_it_is_read_house_by_house(admin_client, asked):
    here, there = IntervenantFactory.create_batch(2)

    found = admin_client.get(LIST, {"maison": here.permanence.maison_id}).context["cl"]
    unknown = admin_client.get(LIST, {"maison": asked}).context["cl"]

    assert set(found.result_list) == {here}
    assert set(unknown.result_list) == {here, there}
