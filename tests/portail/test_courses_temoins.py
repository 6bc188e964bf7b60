"""Controls of the races: without the lock and the constraint, rooms are booked twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from threading import Barrier
from time import monotonic
from uuid import uuid4

import psycopg
import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from psycopg.errors import DeadlockDetected, ExclusionViolation
from psycopg.sql import SQL, Identifier, Placeholder

from maisons.heures import starts_at
from maisons.models import Creneau, Reservation
from tests.charge.bases import overlaps
from tests.charge.clients import Resident, at_once, open_forms
from tests.charge.serveur import serve
from tests.charge.temoins import WITHIN, a_copy, without_lock
from tests.factories import CompteFactory, MaisonFactory, SalleFactory, VilleFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def salle():
    VilleFactory()
    return SalleFactory(maison=MaisonFactory(reservations_max=0))


def insert(url, salle, demandeur, gate):
    """One booking, written by somebody who knows nothing of planning.py; how it ended."""
    debut = starts_at(timezone.localdate() + timedelta(days=1), time(14))
    wanted = Reservation(
        maison=salle.maison, salle=salle, demandeur=demandeur, debut=debut, usage="voisins"
    )
    wanted.fin, wanted.jeton = debut + timedelta(hours=2), uuid4()
    wanted.nature, wanted.titre = Reservation.NATURE, "Salle réservée"
    try:
        with psycopg.connect(url) as writer:
            gate.wait()
            wanted.creneau_id = add(writer, Creneau, wanted)
            add(writer, Reservation, wanted)
    except (ExclusionViolation, DeadlockDetected) as error:
        return type(error)


def add(writer, model, row):
    key = model._meta.pk.column
    fields = [f for f in model._meta.local_concrete_fields if f.column != "id" and not f.generated]
    statement = SQL("INSERT INTO {} ({}) VALUES ({}) RETURNING {}").format(
        Identifier(model._meta.db_table),
        SQL(", ").join(Identifier(field.column) for field in fields),
        SQL(", ").join([Placeholder()] * len(fields)),
        Identifier(key),
    )
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    return writer.execute(statement, values).fetchone()[0]


@pytest.mark.parametrize("constraint", [True, False], ids=["constraint", "control"])
def test_raw_inserts_at_one_instant(salle, constraint):
    gate, demandeur = Barrier(4), CompteFactory()

    with a_copy(constraint) as (url, copy), ThreadPoolExecutor(4) as pool:
        ends = list(pool.map(lambda _: insert(url, salle, demandeur, gate), range(4)))
        found = overlaps(copy)

    assert (ends.count(None), found) == ((1, 0) if constraint else (4, 6))


def test_control_without_lock_and_constraint_http_books_twice(salle, tmp_path):
    tree = without_lock(tmp_path / "portail")
    signed_in = [Resident.sign_in(compte) for compte in CompteFactory.create_batch(20)]
    path = reverse("maisons:reservation_create", args=[salle.maison.slug, salle.slug])
    typed = {"de": "14:00", "a": "16:00", "usage": "voisins", "personnes": 4, "etape": "confirmer"}
    begun, days, found = monotonic(), 0, 0

    with a_copy(constraint=False) as (url, copy), serve(url, 4, tree) as serveur:
        rivals = open_forms(serveur.port, path, signed_in)
        while not found and monotonic() < begun + WITHIN:
            days += 1
            typed["jour"] = (timezone.localdate() + timedelta(days=days)).isoformat()
            at_once(serveur.port, [one.post(path, **typed, jeton=uuid4()) for one in rivals])
            found = overlaps(copy)

    assert found
