"""The contract of a créneau's child, kept by the database; each child's migration calls it."""

from django.db import migrations

CREATE = """
CREATE TRIGGER {table}_nature BEFORE INSERT OR UPDATE ON {table}
    FOR EACH ROW EXECUTE FUNCTION maisons_creneau_nature_juste('{nature}');
CREATE CONSTRAINT TRIGGER creneau_est_{nature} AFTER INSERT ON maisons_creneau
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.nature = '{nature}')
    EXECUTE FUNCTION maisons_creneau_a_son_enfant('{table}');
CREATE CONSTRAINT TRIGGER {table}_reste AFTER DELETE ON {table}
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION maisons_creneau_sans_enfant();
"""
DROP = """
DROP TRIGGER {table}_reste ON {table};
DROP TRIGGER creneau_est_{nature} ON maisons_creneau;
DROP TRIGGER {table}_nature ON {table};
"""


def child_triggers(nature, table):
    """A créneau of this nature has a row in this table, and no row there is of another nature."""
    names = {"nature": nature, "table": table}
    return migrations.RunSQL(CREATE.format(**names), DROP.format(**names))
