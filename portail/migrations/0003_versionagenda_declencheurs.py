from django.db import migrations

FIRST = "INSERT INTO portail_versionagenda (id, valeur) VALUES (1, gen_random_uuid())"
# At the end of a transaction that changes what the agenda shows, once: deferred, so that writers
# wait for each other only while they commit, after every other lock, and never in a circle.
# A value of its own each time, so that a restored database repeats none that a cache still holds.
FUNCTION = """
CREATE FUNCTION portail_agenda_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO portail_versionagenda AS version (id, valeur) VALUES (1, gen_random_uuid())
        ON CONFLICT (id) DO UPDATE SET valeur = EXCLUDED.valeur
        WHERE version.xmin::text <> pg_current_xact_id()::xid::text;
    RETURN NULL;
END $$;
"""
TRIGGER = """
CREATE CONSTRAINT TRIGGER agenda_change_{event} AFTER {event} ON {table}
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW {when} EXECUTE FUNCTION portail_agenda_change();
"""
# When a créneau is public; the others always: their names are on every row.
WHEN = {
    "insert": "WHEN (NEW.publie_le IS NOT NULL)",
    "update": "WHEN (OLD.publie_le IS NOT NULL OR NEW.publie_le IS NOT NULL)",
    "delete": "WHEN (OLD.publie_le IS NOT NULL)",
}
NAMED = ["maisons_maison", "quartiers_quartier", "quartiers_ville"]


def trigger(event, table, when=""):
    return migrations.RunSQL(
        TRIGGER.format(event=event, table=table, when=when),
        f"DROP TRIGGER agenda_change_{event} ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("portail", "0002_versionagenda"),
        ("maisons", "0011_reservation_contacts"),
        ("quartiers", "0002_ville_et_quartiers"),
    ]

    operations = [
        migrations.RunSQL(FIRST, migrations.RunSQL.noop),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION portail_agenda_change"),
        *[trigger(event, "maisons_creneau", when) for event, when in WHEN.items()],
        *[trigger(event, table) for event in WHEN for table in NAMED],
    ]
