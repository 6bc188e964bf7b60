"""Copy the weeks into the tables, in time order; triggers and constraints hold on each row."""

import time

from django.db import connection, transaction
from django.utils import timezone

from maisons.models import Creneau, Evenement, Occurrence, Reservation
from portail.copie import copy, next_ids
from portail.volume.forme import Forme
from portail.volume.semaines import Weeks
from portail.volume.ville import create_city

BATCH = 20_000  # créneaux


def fill(total, seed, say):
    """Fill an empty database, all or nothing; `say` is given each sentence of the progress."""
    forme, begun = Forme(total), time.monotonic()
    say(f"{forme}.")
    with transaction.atomic():
        execute("SET LOCAL statement_timeout = 0")
        weeks = Weeks(forme, create_city(), seed, timezone.now())
        events, rows, done = [], [], 0
        for number in range(forme.weeks):
            begins, dates = weeks.week(number)
            events += begins
            rows += dates
            if len(rows) >= BATCH or number == forme.weeks - 1:
                write(events, rows)
                done += len(rows)
                events, rows = [], []
                say(f"{done} créneaux en {time.monotonic() - begun:.0f} s")
    if not connection.in_atomic_block:
        execute("SET statement_timeout = 0")
        execute("VACUUM ANALYZE")
        execute("RESET statement_timeout")
    return time.monotonic() - begun


def execute(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def write(events, rows):
    """One batch; what is checked at the end of a transaction is checked here, and forgotten."""
    for event, key in zip(events, next_ids(Evenement, len(events)), strict=True):
        event.pk = key
    copy_dicts(Evenement, [event.columns | {"id": event.pk} for event in events])
    keys = next_ids(Creneau, len(rows))
    copy_dicts(Creneau, [row.creneau | {"id": key} for row, key in zip(rows, keys, strict=True)])
    dates, bookings = [], []
    for row, key in zip(rows, keys, strict=True):
        if row.event:
            dates.append({"creneau_id": key, "evenement_id": row.event.pk})
        else:
            bookings.append(row.child | {"creneau_id": key})
    copy_dicts(Occurrence, dates)
    copy_dicts(Reservation, bookings)
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    execute("SET CONSTRAINTS ALL DEFERRED")


def copy_dicts(model, lines):
    """Copy lines that name only the columns that differ from the model's defaults."""
    fields = [field for field in model._meta.local_concrete_fields if not field.generated]
    columns = [field.column for field in fields]
    blank = {field.column: None if field.primary_key else field.get_default() for field in fields}
    copy(model, columns, ([*(blank | line).values()] for line in lines))
