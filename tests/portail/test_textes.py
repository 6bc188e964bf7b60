"""The pages of text, with a city that has filled in everything and one that has not."""

import re

import pytest
from django.urls import reverse

from tests.factories import MaisonFactory, VilleFactory

pytestmark = pytest.mark.django_db

NAMES = ["aide", "accessibilite", "mentions_legales", "confidentialite", "plan_du_site"]
FILLED = {
    "telephone": "04 65 71 00 00",
    "horaires": "du lundi au vendredi",
    "courriel": "maisons@rivemont.example",
    "adresse": "1 place de la République",
    "directeur_publication": "Ada Martin",
    "hebergeur": "Service informatique",
    "delegue_donnees": "donnees@rivemont.example",
}
ENDING = " – Maisons de quartier de Rivemont"


def read(client, name):
    return client.get(reverse(f"portail:{name}")).content.decode()


@pytest.mark.parametrize("filled", [FILLED, {}])
@pytest.mark.parametrize("name", NAMES)
def test_text_page_stands_with_and_without_the_details_of_the_city(client, name, filled):
    VilleFactory(**filled)

    page = client.get(reverse(f"portail:{name}"))

    text = page.content.decode()
    assert page.status_code == 200
    assert text.count("<h1") == 1
    assert re.search(r"<title>(.*)</title>", text)[1].endswith(ENDING)
    assert 'href="mailto:"' not in text
    assert 'href="tel:+"' not in text
    assert not page.cookies


def test_titles_are_unique(client):
    VilleFactory()

    titles = [re.search(r"<title>(.*)</title>", read(client, name))[1] for name in NAMES]

    assert len(set(titles)) == len(NAMES)


def test_legal_notice_names_who_answers_or_says_that_it_is_missing(client):
    ville = VilleFactory(**FILLED)
    full = read(client, "mentions_legales")
    for field in FILLED:
        setattr(ville, field, "")
    ville.save()

    empty = read(client, "mentions_legales")

    for told in ["Ada Martin", "Service informatique", "1 place de la République", "04 65 71"]:
        assert told in full
    assert "compléter par la ville" not in full
    assert empty.lower().count("à compléter par la ville") == 5


def test_declaration_follows_the_model_of_the_law(client):
    VilleFactory(**FILLED)

    text = read(client, "accessibilite")

    for needed in [
        "article 47 de la loi n°\u00a02005-102 du 11\u00a0février 2005",
        "non conforme",
        "version 4.1",
        "Aucun audit extérieur",
        "Non-conformités",
        "Dérogations pour charge disproportionnée",
        "Elle a été établie le",
        "Technologies utilisées",
        "maisons@rivemont.example",
        "Défenseur des droits",
    ]:
        assert needed in text


def test_privacy_page_gives_purposes_durations_and_rights(client):
    VilleFactory(**FILLED)

    text = read(client, "confidentialite")

    for needed in ["mission d’intérêt public", "Trois mois", "donnees@rivemont", "CNIL", "csrf"]:
        assert needed in text


def test_map_lists_every_public_list(client):
    VilleFactory()
    maison = MaisonFactory()

    text = read(client, "plan_du_site")

    lists = ["agenda", "maison_list", "quartier_list", "mon_espace", *NAMES]
    pages = [reverse(f"portail:{name}") for name in lists]
    pages += [maison.get_absolute_url(), maison.quartier.get_absolute_url()]
    for address in [*pages, reverse("maisons:planning", args=[maison.slug])]:
        assert f'href="{address}"' in text
