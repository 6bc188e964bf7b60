"""The directory: what it shows, to whom, at what cost; what an association may hold."""

import json
import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from associations.models import Association
from associations.numeros import luhn
from tests.factories import AssociationFactory, CompteFactory, QuartierFactory

pytestmark = pytest.mark.django_db
URL = "/associations/"


def names(response):
    return [row.nom for row in response.context["annuaire"].page[0]]


@pytest.mark.parametrize("count", [0, 1, 3])
def test_the_list_costs_constant_queries(client, django_assert_num_queries, count):
    AssociationFactory.create_batch(count, quartier=QuartierFactory())

    with django_assert_num_queries(5):  # city, quartiers, those with something, number, rows
        response = client.get(URL)

    assert len(names(response)) == count
    assert not response.cookies


def test_a_page_costs_constant_queries(client, django_assert_num_queries):
    row = AssociationFactory(quartier=QuartierFactory())

    with django_assert_num_queries(4):  # city, association, activities, houses that it runs
        assert client.get(row.get_absolute_url()).status_code == 200


def test_they_come_by_name_whatever_the_accents_and_capitals(client):
    for nom in ("Zumba", "échecs", "École", "Amis"):
        AssociationFactory(nom=nom)

    assert names(client.get(URL)) == ["Amis", "échecs", "École", "Zumba"]


def test_the_next_pages_hold_each_once(client):
    for rank in range(85):
        AssociationFactory(nom=f"Même nom {rank // 3}")
    found, address = [], URL
    while address:
        response = client.get(address)
        found += [row.pk for row in response.context["annuaire"].page[0]]
        address = (more := response.context["annuaire"].page[1]) and URL + more

    assert len(found) == len(set(found)) == 85


@pytest.mark.parametrize("typed", ["", "x", "12", "99999999999999999999-a", "-", "é-é"])
def test_a_place_that_cannot_be_read_begins_again(client, typed):
    AssociationFactory(nom="Zumba")

    response = client.get(URL, {"apres": typed})

    assert response.status_code == 200


def test_filters_keep_what_they_say_and_are_taken_away_one_by_one(client):
    here = QuartierFactory(nom="Les Rives", slug="les-rives")
    wanted = {"quartier": here, "themes": ["sport"], "benevoles": "Compter les points."}
    AssociationFactory(nom="Boxe", objet="La boxe sans coup", **wanted)
    AssociationFactory(nom="Boxe ailleurs", **wanted | {"quartier": QuartierFactory()})
    AssociationFactory(nom="Boxe sans aide", **wanted | {"benevoles": ""})
    AssociationFactory(nom="Boxe en livres", **wanted | {"themes": ["culture"]})
    AssociationFactory(nom="Judo", **wanted)
    asked = {"q": "boxe", "theme": "sport", "quartier": "les-rives", "benevoles": "oui"}

    response = client.get(URL, asked)

    assert names(response) == ["Boxe"]
    sentence = (
        "1 association : «\u00a0boxe\u00a0», Sport et bien-être, Les Rives, bénévoles recherchés."
    )
    assert sentence in response.content.decode()
    kept = [address for _, address in response.context["annuaire"].without]
    assert [len(names(client.get(URL + address))) for address in kept] == [2, 2, 2, 2]


@pytest.mark.parametrize("asked", [{"theme": "nulle"}, {"quartier": "nulle-part"}])
def test_an_unknown_choice_is_told_beside_its_field(client, asked):
    AssociationFactory()

    page = client.get(URL, asked).content.decode()

    assert "n’est pas dans la liste" in page
    assert "<title>Erreur" in page


def test_a_theme_or_a_quartier_with_nothing_is_not_offered(client):
    row, _ = AssociationFactory(themes=["sport"], quartier=QuartierFactory()), QuartierFactory()
    AssociationFactory(themes=["culture"], visible=False)

    fields = client.get(URL).context["annuaire"].form.fields

    offered = [[key for key, _ in fields[name].choices] for name in ("theme", "quartier")]
    assert offered == [["", "sport"], ["", row.quartier.slug]]


def test_one_that_has_ceased_is_nowhere(client):
    row = AssociationFactory(nom="Ancienne fanfare", visible=False)

    assert names(client.get(URL)) == []
    assert client.get(row.get_absolute_url()).status_code == 404
    assert "Ancienne" not in client.get("/recherche/?q=fanfare").content.decode()
    assert row.slug not in client.get("/sitemap.xml").content.decode()


def test_a_search_finds_it_and_the_map_of_the_site_leads_to_it(client):
    row = AssociationFactory(nom="Fanfare du rail", objet="Une fanfare ouverte à tous")

    assert row.get_absolute_url() in client.get("/recherche/?q=fanfare").content.decode()
    assert row.get_absolute_url() in client.get("/sitemap.xml").content.decode()
    assert URL in client.get("/plan-du-site/").content.decode()


def test_other_sites_read_it_as_data(client):
    row = AssociationFactory(nom="</script><b>", sigle="FR", site="https://fanfare.example/")

    page = client.get(row.get_absolute_url()).content.decode()

    data = json.loads(re.search(r'ld\+json">(.*?)</script>', page)[1])
    assert (data["@type"], data["name"], data["sameAs"]) == ("NGO", row.nom, row.site)


def test_staff_of_houses_do_not_manage_them():
    AssociationFactory()

    assert not Association.objects.managed_by(CompteFactory()).exists()
    assert Association.objects.managed_by(CompteFactory(is_superuser=True)).exists()


@pytest.mark.parametrize(
    ("constraint", "sql"),
    [
        ("association_rna", "UPDATE associations_association SET rna = 'W12'"),
        ("association_rna_unique", "UPDATE associations_association SET rna = 'W123456789'"),
        ("association_siret", "UPDATE associations_association SET siret = '12'"),
        ("association_coordonnees", "UPDATE associations_association SET longitude = 3"),
    ],
)
def test_the_database_refuses_what_must_never_be(constraint, sql):
    AssociationFactory.create_batch(2)

    with (
        pytest.raises(IntegrityError, match=constraint),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


@pytest.mark.parametrize(
    ("siret", "right"),
    [("73282932000074", True), ("73282932000075", False), ("35600000000048", True)],
)
def test_the_last_digit_of_a_siret_answers_for_the_others(siret, right):
    assert luhn(siret) is right
    if not right:
        with pytest.raises(ValidationError, match="SIRET a une faute"):
            AssociationFactory.build(siret=siret).clean()
