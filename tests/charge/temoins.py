"""Controls: a copy of the tests' database or of the portal itself, with a protection taken out."""

import os
import shutil
from contextlib import contextmanager

import psycopg
from django.db import connection

from portail.emplacement import BASE_DIR
from tests.charge.bases import throw_away

WITHIN = 60  # seconds: a control that finds nothing by then proves nothing
TREE = ["comptes", "notifications", "documents", "quartiers", "maisons", "conseils", "portail"]
TREE += ["associations", "permanences", "static", "templates"]
LOCK = '.order_by("pk").select_for_update(no_key=True)'


@contextmanager
def a_copy(constraint):
    """A throw-away copy of the tests' database, as it stands, with its constraint or without."""
    name = connection.settings_dict["NAME"]
    connection.close()  # what is copied must have no reader
    with (
        throw_away(f"courses_{os.getpid()}", template=name) as url,
        psycopg.connect(url, autocommit=True) as copy,
    ):
        if not constraint:
            copy.execute("ALTER TABLE maisons_creneau DROP CONSTRAINT creneau_sans_chevauchement")
        yield url, copy


def without_lock(tree):
    """A copy of the portal whose lock_rooms() locks nothing."""
    for part in TREE:
        shutil.copytree(BASE_DIR / part, tree / part)
    planning = tree / "maisons" / "planning.py"
    text = planning.read_text()
    assert text.count(LOCK) == 1
    planning.write_text(text.replace(LOCK, LOCK.split(".select")[0]))
    return tree
