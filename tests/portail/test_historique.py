"""What was acknowledged is there, what was refused is not, whatever breaks meanwhile (G1)."""

import os
from datetime import timedelta
from functools import partial
from itertools import islice
from random import Random
from time import monotonic

import psycopg
import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from maisons.models import Affectation, Evenement
from tests.charge.bases import url_of
from tests.charge.clients import Resident, open_forms
from tests.charge.historique import (
    Desk,
    Journal,
    Person,
    Visitor,
    disturb,
    play,
    postbox,
    script,
)
from tests.charge.serveur import serve
from tests.charge.temoins import WITHIN, a_copy, without_lock
from tests.charge.verification import check
from tests.factories import (
    AffectationFactory,
    CompteFactory,
    EvenementFactory,
    MaisonFactory,
    SalleFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)
OPERATIONS = int(os.environ.get("OPERATIONS", 50_000 if os.environ.get("COMPLET") else 1_000))
DESKS, VISITORS, PERSONS = 2, 3, 11
DAY = 86_400  # seconds: the longest run is over before their session is
EACH = -(-OPERATIONS // (DESKS + VISITORS + PERSONS))
ACTS = {
    Person: [("book", 5), ("move", 3), ("cancel", 2)],
    Visitor: [("book", 5), ("confirm", 4)],
    Desk: [("grant", 5), ("refuse", 2), ("repeat", 2), ("close", 1)],
}
OPS = {"book", "move", "cancel", "confirm", "accepter", "refuser", "repeat", "close"}
SEED = int(os.environ.get("GRAINE", timezone.now().timestamp()))


@pytest.fixture
def maison():
    """A house of three rooms, one of them a part of another."""
    VilleFactory()
    house = MaisonFactory(reservations_max=0)
    whole = SalleFactory(maison=house, avec_accord=True)
    SalleFactory(maison=house, partie_de=whole, avec_accord=False)
    SalleFactory(maison=house, avec_accord=True)
    return house


@pytest.fixture
def cookies(maison):
    """Agents of the house, then residents, all signed in."""
    agents = AffectationFactory.create_batch(DESKS, maison=maison, role=Affectation.Role.DIRECTION)
    comptes = [agent.compte for agent in agents] + CompteFactory.create_batch(PERSONS)
    return [Resident.sign_in(compte, DAY) for compte in comptes]


def gather(serveur, table, maison, cookies, journal):
    """[(client, the script of each)]: the same people at their browsers, each with a form open."""
    rooms = [(r.pk, r.get_absolute_url(), r.nom) for r in maison.salles.order_by("pk")]
    forms = reverse("admin:maisons_fermeture_add"), f"{rooms[0][1]}reserver/"
    agents = open_forms(serveur.port, forms[0], cookies[:DESKS])
    residents = open_forms(serveur.port, forms[1], cookies[DESKS:])
    common = {"port": serveur.port, "rooms": rooms, "journal": journal}
    drafts = EvenementFactory.build_batch(DESKS * EACH, maison=maison)
    drafts = [event.pk for event in Evenement.objects.bulk_create(drafts)]
    connection.close()  # ours is not to be cut
    people = [
        Desk(resident=one, house=maison.pk, events=drafts[rank::DESKS], **common)
        for rank, one in enumerate(agents)
    ]
    people += [Person(resident=one, **common) for one in residents]
    letters = postbox(table)
    people += [Visitor(resident=None, letters=letters, **common) for _ in range(VISITORS)]
    return people


def scripts(people, times=EACH):
    first = timezone.localdate() + timedelta(days=1)
    return [
        (person, list(script(SEED + rank, times, ACTS[type(person)], first)))
        for rank, person in enumerate(people)
    ]


def test_every_answer_is_kept_and_nothing_overlaps(maison, cookies, tmp_path):
    print(f"GRAINE={SEED}")
    journal = Journal(tmp_path / "journal.jsonl")
    url = url_of(connection.settings_dict["NAME"])

    with psycopg.connect(url, autocommit=True) as table, serve(url, 4) as serveur:
        people = gather(serveur, table, maison, cookies, journal)
        trouble = partial(disturb, serveur, table, Random(SEED), journal)
        play(scripts(people), trouble)
        found = check(journal.lines(), table)

    assert found == []
    ends = {(line["op"], line["end"]) for line in journal.lines()}
    assert {(op, "ok") for op in OPS} <= ends
    assert {"refused", "unknown"} <= {end for _, end in ends}


def test_control_without_lock_and_constraint_the_check_finds_a_fault(maison, cookies, tmp_path):
    journal, begun, found = Journal(tmp_path / "journal.jsonl"), monotonic(), []
    tree = without_lock(tmp_path / "portail")

    with a_copy(constraint=False) as (url, copy), serve(url, 4, tree) as serveur:
        people = gather(serveur, copy, maison, cookies, journal)
        rounds = [(person, iter(turns)) for person, turns in scripts(people)]
        while not found and monotonic() < begun + WITHIN:
            play([(person, list(islice(turns, 2))) for person, turns in rounds])
            found = check(journal.lines(), copy)

    assert found
