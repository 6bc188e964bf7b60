"""Search in everything: words, accents, mistakes, synonyms, and what must stay out."""

from datetime import timedelta
from time import monotonic

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from maisons import planning
from maisons.models import Creneau
from portail.recherche.synonymes import LINES
from tests.factories import (
    EvenementFactory,
    MaisonFactory,
    OccurrenceFactory,
    QuartierFactory,
    ReservationFactory,
    SalleFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db
URL = "/recherche/"


@pytest.fixture(autouse=True)
def ville():
    return VilleFactory(telephone="04 65 71 00 00")


def search(client, q, **others):
    response = client.get(URL, {"q": q} | others)
    assert response.status_code == 200
    return response.context["reponse"]


def titles(client, q, **others):
    return [row.title for group in search(client, q, **others).groups for row in group.found]


def event(titre, **fields):
    return EvenementFactory(titre=titre, publie=True, **fields)


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        *[("Médiathèque", "mediatheque"), ("Mediatheque", "médiathèque")],
        *[("Atelier poterie", "ATELIERS"), ("Ateliers poterie", "atelier")],
        *[("Fête de l’été", "l'été"), ("Cœur et chœur", "coeur"), ("Éveil musical", "eveils")],
        *[("Concert de chambre", '"concert de chambre"'), ("Concert", "concert -rock")],
    ],
)
def test_accents_plurals_and_quotes_do_not_hide_a_row(client, written, typed):
    event(written)

    assert titles(client, typed) == [written]


def test_every_word_counts_and_a_minus_sign_keeps_out(client):
    event("Concert de rock")
    event("Concert de chambre")

    assert titles(client, "concert chambre") == ["Concert de chambre"]
    assert titles(client, "concert -chambre") == ["Concert de rock"]
    assert titles(client, '"chambre de concert"') == []


def test_the_summary_and_the_description_are_looked_through(client):
    event("Après-midi", resume="On répare les vélos.")
    event("Soirée", description="Avec une **contrebasse**.")

    assert titles(client, "vélos") == ["Après-midi"]
    [group] = search(client, "contrebasse").groups
    assert "Avec une <mark>contrebasse</mark>." in group.found[0].extract
    assert "*" not in group.found[0].extract


class TestTypingMistakes:
    @pytest.mark.parametrize("typed", ["atellier", "ateleir", "atlier", "atel"])
    def test_the_nearest_word_is_looked_for_and_said(self, client, typed):
        event("Atelier tricot")

        page = client.get(URL, {"q": typed}).content.decode()

        assert "Atelier tricot" in page
        assert f"« atelier », au lieu de « {typed} »" in page

    def test_the_words_as_typed_are_one_link_away(self, client):
        event("Atelier tricot")

        exact = client.get(search(client, "atellier").as_typed)

        assert "Aucun résultat" in exact.content.decode()

    def test_only_the_word_that_is_wrong_is_changed(self, client):
        event("Atelier couture")
        event("Atelier cuisine")

        answer = search(client, "coutre atelier")
        assert [group.number for group in answer.groups] == [1]
        assert answer.corrected == "couture atelier"

    def test_a_word_that_finds_something_is_not_corrected(self, client):
        event("Marché de Noël")
        event("Marche nordique")

        assert search(client, "nordique").corrected == ""

    def test_the_title_of_a_draft_corrects_nothing(self, client):
        EvenementFactory(titre="Anniversaire surprise du maire")

        assert search(client, "suprise").corrected == ""


class TestSynonyms:
    @pytest.mark.parametrize(
        ("typed", "written"),
        [
            *[("impôts", "Déclaration de revenus"), ("gym", "Gymnastique douce")],
            *[
                ("CAF", "Allocations familiales : vos droits"),
                ("mairie", "Rencontre avec les élus"),
            ],
            *[("salle des fêtes", "Grande salle ouverte"), ("internet", "Premiers pas numériques")],
            *[("garde d'enfants", "Crèche parentale"), ("EPN", "Espace public numérique")],
        ],
    )
    def test_each_finds_the_other(self, client, typed, written):
        event(written)
        event(typed)

        assert set(titles(client, typed)) == {written, typed}

    def test_the_official_word_finds_the_everyday_one(self, client):
        event("Gym du matin")

        assert titles(client, "gymnastique") == ["Gym du matin"]

    def test_the_table_holds_no_word_twice_in_a_line_and_enough_lines(self):
        assert len(LINES) >= 25
        assert [line for line in LINES if len(line) != len(set(line))] == []


class TestWhatStaysOut:
    """Fault 7: drafts and private rows, as typed and with a mistake."""

    @pytest.mark.parametrize("typed", ["secret", "secrte", "confidentiel"])
    def test_drafts_and_bookings(self, client, typed):
        draft = EvenementFactory(titre="Atelier secret", description="confidentiel")
        OccurrenceFactory(evenement=draft)
        ReservationFactory(titre="Salle réservée", nom="Secret confidentiel")

        page = client.get(URL, {"q": typed}).content.decode()

        assert titles(client, typed) == []
        assert "Atelier" not in page

    def test_a_list_of_one_group_too(self, client):
        OccurrenceFactory(evenement=EvenementFactory(titre="Atelier secret"))

        for dans in ("evenements", "autres-dates"):
            response = client.get(URL, {"q": "secret", "dans": dans})
            assert response.context["liste"].found == []
