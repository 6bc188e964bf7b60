"""What was acknowledged is there, what was refused is not, whatever breaks meanwhile (G1)."""

import os
from datetime import timedelta
from functools import partial
from random import Random
from time import monotonic

import psycopg
import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from maisons.models import Affectation
from tests.charge.bases import url_of
from tests.charge.clients import Resident, open_forms
from tests.charge.historique import Desk, Journal, Person, check, disturb, play
from tests.charge.serveur import serve
from tests.charge.temoins import WITHIN, a_copy, without_lock
from tests.factories import (
    AffectationFactory,
    CompteFactory,
    MaisonFactory,
    SalleFactory,
    VilleFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTS, OPERATIONS = 16, 50_000 if os.environ.get("COMPLET") else 1_000
ACTS = {Person: [("book", 6), ("cancel", 3)], Desk: [("grant", 6), ("close", 1)]}
SEED = int(os.environ.get("GRAINE", timezone.now().timestamp()))


@pytest.fixture
def maison():
    """A house of three rooms, one of them a part of another."""
    VilleFactory()
    house = MaisonFactory(reservations_max=0)
    whole = SalleFactory(maison=house, avec_accord=True)
    SalleFactory(maison=house, partie_de=whole, avec_accord=False)
    SalleFactory(maison=house, avec_accord=False)
    return house


@pytest.fixture
def cookies(maison):
    """An agent of the house, then residents, all signed in."""
    agent = AffectationFactory(maison=maison, role=Affectation.Role.DIRECTION).compte
    return [Resident.sign_in(one) for one in (agent, *CompteFactory.create_batch(CLIENTS - 1))]


def gather(serveur, maison, cookies, journal):
    """The same people at their browsers, each with a form open."""
    rooms = [(room.pk, room.get_absolute_url()) for room in maison.salles.order_by("pk")]
    forms = reverse("admin:maisons_fermeture_add"), f"{rooms[0][1]}reserver/"
    desk = open_forms(serveur.port, forms[0], cookies[:1])[0]
    common = {"port": serveur.port, "rooms": rooms, "journal": journal}
    common["first"] = timezone.localdate() + timedelta(days=1)
    residents = [
        Person(resident=one, random=Random(SEED + rank), **common)
        for rank, one in enumerate(open_forms(serveur.port, forms[1], cookies[1:]))
    ]
    connection.close()  # ours is not to be cut
    return [Desk(resident=desk, random=Random(-SEED), house=maison.pk, **common), *residents]


def test_every_answer_is_kept_and_nothing_overlaps(maison, cookies, tmp_path):
    print(f"GRAINE={SEED}")
    journal = Journal(tmp_path / "journal.jsonl")
    url = url_of(connection.settings_dict["NAME"])

    with psycopg.connect(url, autocommit=True) as table, serve(url, 4) as serveur:
        people = gather(serveur, maison, cookies, journal)
        play(people, OPERATIONS // CLIENTS, ACTS, partial(disturb, serveur, table, Random(SEED)))
        found = check(journal.lines(), table)

    assert {"ok", "refused", "unknown"} <= {line["end"] for line in journal.lines()}
    assert found == []


def test_control_without_lock_and_constraint_the_check_finds_a_fault(maison, cookies, tmp_path):
    journal, begun, found = Journal(tmp_path / "journal.jsonl"), monotonic(), []
    tree = without_lock(tmp_path / "portail")

    with a_copy(constraint=False) as (url, copy), serve(url, 4, tree) as serveur:
        people = gather(serveur, maison, cookies, journal)
        while not found and monotonic() < begun + WITHIN:
            play(people, 2, ACTS)
            found = check(journal.lines(), copy)

    assert found
