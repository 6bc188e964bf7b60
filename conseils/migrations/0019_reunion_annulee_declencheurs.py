from django.db import migrations

# A public meeting is called off with a sentence, and for good. Those that were before have none.
CALLED_OFF = """
CREATE FUNCTION conseils_annulation_expliquee() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    dit text;
BEGIN
    SELECT explication INTO dit FROM conseils_reunion
     WHERE creneau_id = NEW.id AND figee_le IS DISTINCT FROM transaction_timestamp();
    IF FOUND AND OLD.annule_le IS NOT NULL THEN
        RAISE EXCEPTION 'La réunion % est annulée : cela ne change plus', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'reunion_annulation_fixe';
    END IF;
    IF dit = '' THEN
        RAISE EXCEPTION 'La réunion % est annulée sans explication', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'reunion_annulation_expliquee';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER creneau_reunion_annulee AFTER UPDATE ON maisons_creneau
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.nature = 'reunion' AND NEW.publie_le IS NOT NULL
          AND (OLD.annule_le, OLD.motif_annulation)
              IS DISTINCT FROM (NEW.annule_le, NEW.motif_annulation))
    EXECUTE FUNCTION conseils_annulation_expliquee();

CREATE FUNCTION conseils_explication_fixe() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'La réunion % a dit pourquoi : cela ne change plus', NEW.creneau_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'reunion_annulation_fixe';
END $$;
CREATE TRIGGER reunion_explication_fixe BEFORE UPDATE ON conseils_reunion FOR EACH ROW
    WHEN (OLD.explication <> ''
          AND (OLD.explication, OLD.reportee) IS DISTINCT FROM (NEW.explication, NEW.reportee))
    EXECUTE FUNCTION conseils_explication_fixe();
"""
DROP = """
DROP TRIGGER reunion_explication_fixe ON conseils_reunion;
DROP FUNCTION conseils_explication_fixe();
DROP TRIGGER creneau_reunion_annulee ON maisons_creneau;
DROP FUNCTION conseils_annulation_expliquee();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("conseils", "0018_reunion_annulee"),
        ("maisons", "0016_invitation"),
    ]
    operations = [migrations.RunSQL(CALLED_OFF, DROP)]
