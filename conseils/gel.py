"""
What the public has read changes only with a Rectificatif: the database sees to it, at the commit.

Each table that tells something of a meeting calls `frozen()` in a migration.
"""

from django.db import migrations

CREATE = """
CREATE CONSTRAINT TRIGGER {name} AFTER {events} ON {table}
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW {when}
    EXECUTE FUNCTION conseils_change_rectifie('{key}');
"""


def frozen(table, key="reunion_id"):
    """The rows of a table, whole, of which the column `key` is a meeting."""
    return freeze(f"{table}_rectifie", table, key, "INSERT OR UPDATE OR DELETE")


def frozen_columns(table, key, columns, nature=""):
    """Some columns alone; with a `nature`, those of its créneaux alone."""
    new, old = (", ".join(f"{row}.{column}" for column in columns) for row in ("NEW", "OLD"))
    kind = f"NEW.nature = '{nature}' AND " if nature else ""
    name = f"{table}_rectifie{nature and f'_{nature}'}"
    return freeze(name, table, key, "UPDATE", f"WHEN ({kind}({new}) IS DISTINCT FROM ({old}))")


def freeze(name, table, key, events, when=""):
    return migrations.RunSQL(
        CREATE.format(name=name, table=table, key=key, events=events, when=when),
        f"DROP TRIGGER {name} ON {table};",
    )
