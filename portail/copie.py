"""Créneaux by COPY: Django refuses `bulk_create` for a child whose parent has its own table."""

from copy import copy as twin

from django.db import connection
from psycopg import sql

from maisons.models import Creneau


def again(creneau, debut, fin):
    """Like one that was cleaned, in its place at other hours: its rooms are not asked for again."""
    other = twin(creneau)
    other.debut, other.fin = debut, fin
    other.libere_a = fin + (creneau.libere_a - creneau.fin)
    return other


def next_ids(model, count):
    """New keys of a table, from its own sequence."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [table, count],
        )
        return [key for (key,) in cursor.fetchall()]


def copy(model, columns, rows):
    """Copy rows of values into the model's own table; its triggers and constraints hold."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as target:
        for row in rows:
            target.write_row(row)


def copy_creneaux(kind, creneaux):
    """Copy new créneaux of one kind, cleaned before, into both tables and into the history."""
    for creneau, key in zip(creneaux, next_ids(Creneau, len(creneaux)), strict=True):
        creneau.id = creneau.creneau_id = key
    for model in (Creneau, kind):
        fields = [f for f in model._meta.local_concrete_fields if not f.generated]
        rows = (
            [f.get_db_prep_save(getattr(creneau, f.attname), connection) for f in fields]
            for creneau in creneaux
        )
        copy(model, [f.column for f in fields], rows)
    kind.history.bulk_history_create(creneaux, batch_size=500)
