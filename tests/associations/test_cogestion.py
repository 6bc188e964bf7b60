"""What the public reads of the charter and of who runs a house."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import AssociationFactory, CharteFactory, CogestionFactory, MaisonFactory

pytestmark = pytest.mark.django_db
URL = "/associations/charte/"


def test_the_charter_in_use_is_read_and_the_earlier_ones(client, django_assert_num_queries):
    for texte in ("La première.", "La deuxième, *mieux*."):
        CharteFactory(texte=texte)
    CharteFactory(texte="Pas encore.", brouillon=True)

    with django_assert_num_queries(2):  # city, versions
        page = client.get(URL).content.decode()
    earlier = client.get(f"{URL}1/").content.decode()

    assert "La deuxième, <em>mieux</em>." in page
    assert f"{URL}1/" in page
    assert "La première." in earlier
    assert "n’est plus en usage" in earlier
    assert "Pas encore." not in page + earlier
    assert client.get(f"{URL}3/").status_code == 404


def test_without_a_charter_the_page_says_so(client):
    assert "pas encore publié" in client.get(URL).content.decode()


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_house_says_who_runs_it_at_constant_cost(client, count, django_assert_max_num_queries):
    maison = MaisonFactory()
    rows = CogestionFactory.create_batch(count, maison=maison)
    CogestionFactory()

    page = client.get(maison.get_absolute_url()).content.decode()

    assert ("Qui fait vivre la maison" in page) == bool(count)
    assert page.count('href="/associations/association-') == count
    assert all(row.association.get_absolute_url() in page for row in rows)
    assert page.count("Ouvre la maison le jeudi soir.") == count


@pytest.mark.parametrize("count", [1, 3])
def test_an_association_says_which_houses_it_runs(client, count, django_assert_num_queries):
    association = AssociationFactory()
    rows = CogestionFactory.create_batch(count, association=association)
    CogestionFactory()

    with django_assert_num_queries(4):  # city, association, activities, houses
        page = client.get(association.get_absolute_url()).content.decode()

    assert page.count('href="/maisons/maison-') == count
    assert all(row.maison.get_absolute_url() in page for row in rows)
    assert page.count("Prête la grande salle.") == count


@pytest.mark.parametrize("case", ["over", "later", "hidden"])
def test_what_does_not_hold_today_is_not_told(client, case):
    today, day = timezone.localdate(), timedelta(days=1)
    row = CogestionFactory(depuis=today - 9 * day)
    match case:
        case "over":
            row.jusqu_au = today - day
        case "later":
            row.depuis = today + day
        case "hidden":
            row.association.visible = False
    row.association.save()
    row.save()

    assert "Qui fait vivre" not in client.get(row.maison.get_absolute_url()).content.decode()
