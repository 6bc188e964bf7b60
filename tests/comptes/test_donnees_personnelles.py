"""What is kept of a person is theirs to read, and nobody else's."""

import json
from datetime import timedelta
from random import Random

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from comptes.donnees_personnelles import registry
from maisons import planning
from maisons.suivre import subject
from notifications import suivi
from permanences import lectures
from permanences.tasks import erase_outdated
from tests.factories import (
    AssociationFactory,
    AttestationFactory,
    CompteFactory,
    EvenementFactory,
    InscriptionFactory,
    IntervenantFactory,
    MessageFactory,
    MiseADispositionFactory,
    MotifFactory,
    QuestionEluFactory,
    RendezVousFactory,
    ReservationFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db
PAGE = "/mon-espace/mes-donnees/"


@pytest.fixture(autouse=True)
def ville():
    return VilleFactory()


def known(rf, name="Zoé"):
    """Somebody of whom one row of each kind is kept; their appointment was read."""
    compte = CompteFactory(nom=name)
    ReservationFactory(demandeur=compte)
    suivi.follow(subject(EvenementFactory(publie=True).pk), compte)
    MessageFactory(destinataire=compte.courriel, objet=f"Pour {name}")
    row = RendezVousFactory(compte=compte, nom="", courriel="")
    row.motif = MotifFactory(service=row.vacation.permanence.service, libelle=f"Motif de {name}")
    row.save()
    request = rf.get("/")
    request.user = CompteFactory(nom=f"Lectrice de {name}")
    lectures.note(request, [row], "journée")
    asked = {"nom": "", "courriel": "", "texte": f"Question de {name}"}
    lectures.note(request, [QuestionEluFactory(compte=compte, **asked)], "question")
    IntervenantFactory(compte=compte)
    InscriptionFactory(compte=compte, prenom=f"Enfant de {name}", naissance=2018)
    MiseADispositionFactory(association=AssociationFactory(nom=f"Chœur de {name}"), by=compte)
    answered = ReservationFactory(demandeur=CompteFactory(nom=f"Demandeur de {name}"))
    planning.confirm(answered, by=compte, reponse=f"Oui, dit {name}.")
    AttestationFactory(titre=f"Attestation de {name}", par=compte)
    UserSession.objects.create(user=compte, ip="192.0.2.7", session_key=name, user_agent="Firefox")
    return compte


def download(client, compte, **posted):
    client.force_login(compte)
    return client.post(PAGE, posted)


def test_the_page_says_what_why_and_until_when(client, rf):
    client.force_login(known(rf))

    page = client.get(PAGE).content.decode()

    assert registry()
    for kept in registry():
        for words in (kept.what, kept.why, kept.until):
            assert words in page
    assert f'href="{PAGE}"' in client.get("/mon-espace/").content.decode()


def test_the_file_holds_a_row_of_each_kind(client, rf):
    response = download(client, known(rf))

    told = json.loads(response.content)
    assert [kind for kind, rows in told.items() if not rows] == []
    assert told.keys() == {kept.key for kept in registry()}
    assert told["compte"][0]["nom"] == "Zoé"
    assert told["rendez_vous"][0]["motif"] == "Motif de Zoé"
    assert told["inscriptions"][0]["prenom"] == "Enfant de Zoé"
    assert told["attestations"][0]["fichier"] == "Attestation de Zoé"
    assert told["prets_de_salle"][0]["association"] == "Chœur de Zoé"
    assert told["reponses_aux_demandes"][0]["reponse"] == "Oui, dit Zoé."
    assert "Demandeur de Zoé" not in response.content.decode()
    assert told["questions"][0]["question"] == "Question de Zoé"
    assert told["messages"][0]["objet"] == "Pour Zoé"
    assert response["Content-Disposition"] == 'attachment; filename="mes-donnees.json"'


def test_it_says_who_read_an_appointment_when_and_where(client, rf):
    told = json.loads(download(client, known(rf)).content)

    [reading] = told["rendez_vous"][0]["lu_par"]
    assert (reading["qui"], reading["page"]) == ("Lectrice de Zoé", "journée")
    assert reading["quand"][:10] == timezone.now().date().isoformat()


def test_a_loan_is_told_to_who_asked_and_to_who_answered(client):
    asked, answered, other = CompteFactory(), CompteFactory(), CompteFactory()
    planning.confirm(MiseADispositionFactory(by=asked), by=answered, reponse="Oui.")

    told = [
        json.loads(download(client, compte).content)["prets_de_salle"]
        for compte in (asked, answered, other)
    ]

    parts = [[(row["demande_par_vous"], row["decide_par_vous"]) for row in rows] for rows in told]
    assert parts == [[(True, False)], [(False, True)], []]


@pytest.mark.parametrize("method", ["get", "post"])
def test_neither_the_page_nor_the_file_is_kept_anywhere(client, rf, method):
    client.force_login(known(rf))

    response = getattr(client, method)(PAGE)

    assert {"private", "no-store"} <= {*response["Cache-Control"].split(", ")}


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_visitor_signs_in_first(client, method):
    response = getattr(client, method)(PAGE)

    assert response.status_code == 302
    assert response.url.startswith("/compte/login/")


def test_two_hundred_tries_never_give_somebody_else_s(client, rf):
    """Whatever is added to the address or sent with the form: its own, or 404 (fault 2)."""
    mine, theirs = known(rf, "Ana"), known(rf, "Zoé")
    client.force_login(mine)
    chance = Random(7)
    keys = ["compte", "pk", "id", "user", "user_id", "courriel", "export", "jeton"]

    for rank in range(200):
        value = chance.choice([theirs.pk, theirs.courriel, chance.randrange(10**6)])
        key = chance.choice(keys)
        if rank % 2:
            assert client.post(f"{PAGE}{value}/").status_code == 404
            continue
        response = client.post(f"{PAGE}?{key}={value}", {key: value})
        assert json.loads(response.content)["compte"][0]["courriel"] == mine.courriel
        assert "Zoé" not in response.content.decode()
        assert theirs.courriel not in response.content.decode()


def test_what_was_forgotten_is_not_told_any_more(client, rf, time_machine):
    compte = known(rf)
    row = compte.rendez_vous.get()
    time_machine.move_to(row.fin + timedelta(days=91))
    erase_outdated()

    assert json.loads(download(client, compte).content)["rendez_vous"] == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_file_costs_constant_queries(client, rf, count):
    compte = known(rf)
    for _ in range(count - 1):
        RendezVousFactory(compte=compte, nom="", courriel="")
        ReservationFactory(demandeur=compte)
        MessageFactory(destinataire=compte.courriel)
        QuestionEluFactory(compte=compte, nom="", courriel="")
        InscriptionFactory(compte=compte)
        MiseADispositionFactory(by=compte)
        planning.confirm(ReservationFactory(), by=compte)
    client.force_login(compte)

    with CaptureQueriesContext(connection) as asked:
        client.post(reverse("comptes:donnees"))

    assert len(asked) == 24
