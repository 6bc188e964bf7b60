"""After a test that commits, its tables are emptied, and what migrations declare stays as it is."""

from contextlib import contextmanager

from django.core.management.color import no_style
from django.db import connection
from django.test import TransactionTestCase

# Written from the code alone, at the end of `migrate`: anew, it is three hundred statements.
DECLARED = ["django_content_type", "auth_permission", "auth_group", "auth_group_permissions"]
ROWS = "(SELECT md5(string_agg(t::text, '/' ORDER BY t.id)) FROM {} t)"


def declared():
    """What these tables hold, in few letters."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(map(ROWS.format, DECLARED))}")
        return cursor.fetchone()


def empty():
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    names = [name for name in names if name not in DECLARED]
    connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), names))


@contextmanager
def keeping(known):
    """Django empties them too and makes them anew: still so when they are not `known` any more."""
    whole = TransactionTestCase._fixture_teardown

    def teardown(case):
        nonlocal known
        if declared() == known:
            return empty()
        whole(case)
        known = declared()

    TransactionTestCase._fixture_teardown = teardown
    try:
        yield
    finally:
        TransactionTestCase._fixture_teardown = whole
