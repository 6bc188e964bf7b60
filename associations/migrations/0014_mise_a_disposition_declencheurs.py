from django.db import migrations

from maisons.contrat import child_triggers

# A loan is between an association and the house: whoever writes, the public never reads it.
UNPUBLISHED = """
CREATE FUNCTION associations_pret_jamais_public() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Un prêt de salle n''est jamais public'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'pret_jamais_public';
END $$;
CREATE TRIGGER pret_jamais_public BEFORE INSERT OR UPDATE OF publie_le ON maisons_creneau
    FOR EACH ROW WHEN (NEW.nature = 'pret' AND NEW.publie_le IS NOT NULL)
    EXECUTE FUNCTION associations_pret_jamais_public();
"""
DROP = """
DROP TRIGGER pret_jamais_public ON maisons_creneau;
DROP FUNCTION associations_pret_jamais_public();
"""


class Migration(migrations.Migration):
    dependencies = [("associations", "0013_mise_a_disposition")]
    operations = [
        child_triggers("pret", "associations_miseadisposition"),
        migrations.RunSQL(UNPUBLISHED, DROP),
    ]
