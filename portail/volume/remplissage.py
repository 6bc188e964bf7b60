"""Copy the weeks into the tables, in time order; triggers and constraints hold on each row."""

import time

from django.db import connection, transaction
from django.utils import timezone

from maisons.models import Creneau, Evenement, Occurrence, Reservation
from permanences.models import RendezVous, Vacation
from portail.copie import copy, next_ids
from portail.volume.forme import Forme
from portail.volume.semaines import Weeks
from portail.volume.vacations import create_permanences
from portail.volume.ville import create_city

BATCH = 20_000  # créneaux
KINDS = {kind.NATURE: kind for kind in (Occurrence, Reservation, Vacation)}


def fill(total, seed, say):
    """Fill an empty database, all or nothing; `say` is given each sentence of the progress."""
    forme, begun = Forme(total), time.monotonic()
    say(f"{forme}.")
    with transaction.atomic():
        execute("SET LOCAL statement_timeout = 0")
        now = timezone.now()
        places, houses, *people = create_city()
        city = places, houses, *people, create_permanences(houses, now)
        weeks = Weeks(forme, city, seed, now)
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
    children, taken = {kind: [] for kind in KINDS.values()}, []
    for row, key in zip(rows, keys, strict=True):
        child = {"evenement_id": row.event.pk} if row.event else row.child
        children[KINDS[row.creneau["nature"]]].append(child | {"creneau_id": key})
        taken += [line | {"vacation_id": key} for line in row.appointments]
    for kind, lines in children.items():
        copy_dicts(kind, lines)
    for line, key in zip(taken, next_ids(RendezVous, len(taken)), strict=True):
        line["id"] = key
    copy_dicts(RendezVous, taken)
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    execute("SET CONSTRAINTS ALL DEFERRED")


def copy_dicts(model, lines):
    """Copy lines that name only the columns that differ from the model's defaults."""
    fields = [field for field in model._meta.local_concrete_fields if not field.generated]
    columns = [field.column for field in fields]
    blank = {field.column: None if field.primary_key else field.get_default() for field in fields}
    copy(model, columns, ([*(blank | line).values()] for line in lines))
