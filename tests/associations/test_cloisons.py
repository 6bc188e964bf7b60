"""
Each page of an association in /gestion/ × who asks × own, foreign, missing and draft rows.

What is another's is as what is not: 404, and no word of theirs anywhere (issue 8, point 7).
"""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.urls import get_resolver, reverse
from django.utils import timezone

from associations import activites, inscriptions
from associations.models import Activite, Inscription
from notifications.models import Message
from tests.factories import (
    ActiviteFactory,
    AffectationFactory,
    AssociationFactory,
    CompteFactory,
    InscriptionFactory,
    MembreFactory,
    SerieFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db
KINDS = ("activite", "seance", "serie", "inscription", "image")
CANARY = re.compile(r"canari[\w-]*", re.IGNORECASE)
NOWHERE = dict.fromkeys((*KINDS, "message"), SimpleNamespace(pk=987_654_321))
# What each act asks for, so that nothing but the row is wrong.
ANSWERS = {
    **{"faire": "1", "titre": "Autre", "places": "40", "objet": "Bonjour", "texte": "Bonjour"},
    **{"nom": "Quelqu’un", "contact": "04 65 71 00 09", "post": "yes", "venue": "present:1"},
    "courriel": "autre@exemple.fr",
    "jeton": "9d8a6d2e-0f0c-4b6b-9f5a-3a5c1c0f7e11",
}


def routes():
    """The pages of activities, sessions, their series and registrations that are about a row."""
    names = {str(name) for name in get_resolver().namespace_dict["admin"][1].reverse_dict}
    ours = {name for name in names if name.startswith(tuple(f"associations_{k}_" for k in KINDS))}
    return sorted(n for n in ours if not n.endswith(("_add", "_changelist", "_simple_history")))


def rows(association, canary):
    """An activity with its sessions, a registration and a call to make; each says whose it is."""
    said = {"titre": f"{canary}-activite", "contact": f"{canary}-contact"}
    activite = ActiviteFactory(association=association, salle=None, publie=True, **said)
    serie = SerieFactory.build(maison=activite.maison, salle=None, portee="sans_salle")
    activites.plan(activite, serie)
    row = InscriptionFactory(
        activite=activite, nom=f"{canary}-personne", prenom=f"{canary}-e", naissance=2018
    )
    waiting = [InscriptionFactory(activite=activite, nom=f"{canary}-{n}") for n in range(3)]
    inscriptions.leave(row)
    return {
        "activite": activite,
        "seance": activite.seances.filter(serie=None).get(),
        "serie": serie,
        "inscription": waiting[0],
        "message": Message.objects.filter(nom__startswith=canary).first(),
        "brouillon": ActiviteFactory(association=association, titre=f"{canary}-brouillon"),
    }


@pytest.fixture
def city():
    VilleFactory()


@pytest.fixture
def theirs(city):
    return rows(AssociationFactory(nom="canari-association"), "canari")


@pytest.fixture
def mine(city):
    association = AssociationFactory(nom="La nôtre")
    return rows(association, "nous") | {"association": association}


def somebody(who, mine):
    yesterday = timezone.localdate() - timedelta(days=1)
    match who:
        case "responsable" | "animateur":
            return MembreFactory(association=mine["association"], role=who).compte
        case "hier":
            ended = {"debut": yesterday, "fin": yesterday}
            return MembreFactory(association=mine["association"], **ended).compte
        case "accueil":
            return AffectationFactory(maison=mine["activite"].maison).compte
        case "ville":
            return CompteFactory(is_superuser=True)
        case _:
            return CompteFactory()


def address(route, found):
    kind = "message" if route.endswith("_said") else route.split("_")[1]
    kind = "activite" if kind == "image" else kind
    return reverse(f"admin:{route}", args=[found[kind].pk])


def ask(client, method, path):
    """(status, page without its own address nor its token)."""
    response = getattr(client, method)(path, ANSWERS if method == "post" else None)
    page = response.content.decode(errors="replace").replace(path, "")
    return response.status_code, re.sub(r'csrfmiddlewaretoken" value="\w+"', "", page)


def contents():
    """Every row of what an association holds and of what is sent."""
    kept = ["associations", "maisons", "notifications", "admin"]
    models = [model for model in apps.get_models() if model._meta.app_label in kept]
    return {model._meta.label: list(model.objects.order_by("pk").values_list()) for model in models}


def test_there_are_pages_to_look_at():
    assert len(routes()) > 25


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("who", ["responsable", "animateur"])
def test_what_is_anothers_is_as_what_is_not(client, mine, theirs, who, method):
    client.force_login(somebody(who, mine))
    before = contents()

    foreign = {route: ask(client, method, address(route, theirs)) for route in routes()}
    missing = {route: ask(client, method, address(route, NOWHERE)) for route in routes()}

    assert {route for route in routes() if foreign[route] != missing[route]} == set()
    assert {status for status, _ in foreign.values()} <= {403, 404, 405}
    assert contents() == before


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("who", "statuses"), [("hier", {404}), ("habitant", {404}), ("accueil", {403, 404, 405})]
)
def test_who_leads_nothing_there_reads_and_writes_nothing(client, mine, who, statuses, method):
    client.force_login(somebody(who, mine))
    before = contents()

    answered = {route: ask(client, method, address(route, mine))[0] for route in routes()}

    assert set(answered.values()) <= statuses
    assert contents() == before


@pytest.mark.parametrize("who", ["responsable", "animateur", "ville"])
def test_who_leads_it_opens_each_page(client, mine, who):
    client.force_login(somebody(who, mine))

    answered = {route: ask(client, "get", address(route, mine))[0] for route in routes()}

    closed = {r: s for r, s in answered.items() if s not in (200, 405)}
    closed.pop("associations_image_file")  # there is none: tests/associations/test_image.py
    assert closed.keys() <= {
        "associations_activite_delete",
        "associations_inscription_delete",
        "associations_inscription_history",
    }


LISTS = ["", "?q=canari", "?etat=en_cours", "?activite__id__exact={theirs}", "?o=1.2"]
LISTS += ["?dossier__nom__startswith=canari", "?activite__association__nom=canari-association"]


@pytest.mark.parametrize("model", ["activite", "inscription"])
def test_no_list_search_nor_filter_says_a_word_of_another(client, mine, theirs, model):
    client.force_login(somebody("responsable", mine))
    home = client.get(reverse("admin:index")).content.decode()

    pages = {}
    for query in LISTS:
        path = reverse(f"admin:associations_{model}_changelist")
        path += query.format(theirs=theirs["activite"].pk)
        pages[query] = client.get(path, follow=True).content.decode()

    asked = ("canari", "canari-association")  # what one typed oneself is shown again
    found = {q: set(CANARY.findall(page)) - set(asked) for q, page in pages.items()}
    assert {query for query, words in found.items() if words} == set()
    assert CANARY.findall(home) == []


@pytest.mark.parametrize("route", ["activite_add", "appels"])
def test_no_form_offers_what_is_anothers(client, mine, theirs, route):
    client.force_login(somebody("responsable", mine))

    page = client.get(reverse(f"admin:associations_{route}")).content.decode()

    assert CANARY.findall(page) == []


def test_no_own_page_says_a_word_of_another(client, mine, theirs):
    client.force_login(somebody("responsable", mine))

    pages = {route: ask(client, "get", address(route, mine))[1] for route in routes()}

    assert {route for route, page in pages.items() if CANARY.search(page)} == set()


def test_a_forged_association_or_key_changes_nothing(client, mine, theirs):
    client.force_login(somebody("responsable", mine))
    other = theirs["activite"].association
    form = {"titre": "Forgée", "association": other.pk, "maison": mine["activite"].maison_id}
    form |= {"premier": "2030-09-01", "dernier": "2031-06-30", "inscription": "saison"}
    form |= {"places": "10", "publie_le_0": "2026-01-01", "slug": "forgee", "precedente": "1"}

    refused = client.post(reverse("admin:associations_activite_add"), form)
    draft = mine["brouillon"]
    client.post(reverse("admin:associations_activite_change", args=[draft.pk]), form)

    draft.refresh_from_db()
    assert "association" in refused.context["adminform"].form.errors
    assert (draft.titre, draft.association) == ("Forgée", mine["association"])
    assert (draft.publie_le, draft.precedente) == (None, None)
    assert not Activite.objects.filter(association=other, titre="Forgée").exists()


def test_a_tap_for_somebody_elsewhere_is_nowhere(client, mine, theirs):
    client.force_login(somebody("responsable", mine))
    path = reverse("admin:associations_seance_note", args=[mine["seance"].pk])
    foreign = Inscription.objects.filter(activite=theirs["activite"]).first()

    response = client.post(path, {"venue": f"present:{foreign.pk}"})

    assert response.status_code == 404
