"""Databases beside the one of DATABASE_URL, on the same server, dropped after use."""

import os
from contextlib import contextmanager
from urllib.parse import quote

import psycopg
from psycopg.sql import SQL, Identifier

PATIENCE = 10_000  # milliseconds that a session may take to end
CUT_OFF = """
    SELECT pg_terminate_backend(pid, %s) FROM pg_stat_activity
    WHERE datname = %s AND usename = current_user AND pid <> pg_backend_pid()
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


def cut_off(name):
    """End the sessions on a database, whoever opened them."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as server:
        server.execute(CUT_OFF, [PATIENCE, name])


@contextmanager
def throw_away(name, template="template1"):
    """
    A new database, empty or the copy of another; yields its address.

    PostgreSQL copies only what nobody is connected to: whoever still is, is cut off.
    """
    cut_off(template)
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        create = SQL("CREATE DATABASE {} TEMPLATE {}")
        server.execute(create.format(Identifier(name), Identifier(template)))
        try:
            yield url_of(name)
        finally:
            server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))
