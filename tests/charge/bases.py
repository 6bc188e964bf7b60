"""Databases beside the one of DATABASE_URL, on the same server, dropped after use."""

import os
from contextlib import contextmanager
from urllib.parse import quote

import psycopg
from psycopg.sql import SQL, Identifier

CUT_OFF = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = %s AND pid <> pg_backend_pid()
"""


def url_of(name):
    """DATABASE_URL with another database."""
    address, mark, options = os.environ["DATABASE_URL"].partition("?")
    return f"{address.rpartition('/')[0]}/{quote(name)}{mark}{options}"


def overlaps(line):
    """How many pairs of créneaux hold one room at once, looked for without the constraint."""
    query = """
        SELECT count(*) FROM maisons_creneau a JOIN maisons_creneau b
            ON a.id < b.id AND a.emprise && b.emprise
            AND a.debut < b.libere_a AND b.debut < a.libere_a
        WHERE a.annule_le IS NULL AND b.annule_le IS NULL
    """
    return line.execute(query).fetchone()[0]


@contextmanager
def throw_away(name, template="template1"):
    """
    A new database, empty or the copy of another; yields its address.

    PostgreSQL copies only what nobody is connected to: whoever still is, is cut off.
    """
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(CUT_OFF, [template])
        create = SQL("CREATE DATABASE {} TEMPLATE {}")
        server.execute(create.format(Identifier(name), Identifier(template)))
        try:
            yield url_of(name)
        finally:
            server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))
