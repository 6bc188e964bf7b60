"""When what the public reads of a créneau last changed: the database knows, whoever writes."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from maisons import planning
from maisons.models import Creneau
from tests.factories import EvenementFactory, OccurrenceFactory, ReservationFactory, SalleFactory

pytestmark = pytest.mark.django_db
# Each column that calendars and feeds tell, set in SQL to something else.
TOLD = {
    "titre": "'Autre'",
    "resume": "'Autre'",
    "debut": "debut + interval '1 minute'",
    "fin": "fin + interval '1 minute'",
    "heure_connue": "false",
    "theme": "'sport'",
    "public": "'{ados}'",
    "age_min": "3",
    "age_max": "99",
    "gratuit": "true",
    "tarif": "'5 €'",
    "plain_pied": "true",
    "publie_le": "publie_le - interval '1 minute'",
    "annule_le": "now(), motif_annulation = 'demande'",
    "adresse_libre": "'Square'",
    "portee": "'sans_salle', salle_id = NULL",
}
UNTOLD = {
    "mention": "'complet'",
    "personnes": "12",
    "titre": "titre",
    "modifie_le": "now() + interval '1 day'",
}


@pytest.fixture
def date():
    return Creneau.objects.get(pk=EvenementFactory(publie=True).occurrences.get().pk)


def after(creneau, column, value):
    """(whether it was changed, its sequence) once a column is written in SQL."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE maisons_creneau SET {column} = {value} WHERE id = {creneau.pk}")
    now = Creneau.objects.get(pk=creneau.pk)
    return now.modifie_le > creneau.modifie_le, now.sequence - creneau.sequence


@pytest.mark.parametrize(("column", "value"), TOLD.items())
def test_what_is_told_changes_the_instant_and_the_sequence(date, column, value):
    assert after(date, column, value) == (True, 1)


@pytest.mark.parametrize(("column", "value"), UNTOLD.items())
def test_what_is_not_told_changes_neither(date, column, value):
    assert after(date, column, value) == (False, 0)


def test_another_room_is_a_change(date):
    room = SalleFactory(maison=date.maison)

    assert after(date, "salle_id", room.pk) == (True, 1)


def test_planning_counts_once(date):
    held = date.occurrence

    planning.move(held, debut=held.debut + timedelta(minutes=5))

    assert Creneau.objects.get().sequence == date.sequence + 1


def test_a_booking_and_a_draft_keep_the_sequence_that_planning_gives_them():
    for held in (ReservationFactory(), OccurrenceFactory()):
        before = Creneau.objects.get(pk=held.pk)

        assert after(before, "titre", "'Autre'") == (True, 0)


def test_an_object_read_long_ago_does_not_take_the_sequence_back(date):
    old = Creneau.objects.get()
    planning.change(date.occurrence, titre="Après")

    old.mention = "complet"
    old.titre = "Après"
    old.save()

    assert Creneau.objects.get().sequence == 1


@pytest.mark.django_db(transaction=True)
def test_the_migration_goes_back_and_forth():
    last = MigrationExecutor(connection).loader.graph.leaf_nodes()  # apps above went back too
    try:
        MigrationExecutor(connection).migrate([("maisons", "0011_reservation_contacts")])
    finally:
        MigrationExecutor(connection).migrate(last)

    assert "creneau_modifie" in triggers()


def triggers():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger")
        return {name for (name,) in cursor.fetchall()}
