from django.db import migrations

# Who signed a version signed these very words.
FROZEN = """
CREATE FUNCTION associations_charte_figee() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.publie_le IS NOT NULL THEN
        RAISE EXCEPTION 'La version % de la charte est publiée : elle ne change plus', OLD.version
            USING ERRCODE = 'check_violation', CONSTRAINT = 'charte_figee';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER charte_figee BEFORE UPDATE OR DELETE ON associations_charte
    FOR EACH ROW EXECUTE FUNCTION associations_charte_figee();
"""
DROP = """
DROP TRIGGER charte_figee ON associations_charte;
DROP FUNCTION associations_charte_figee();
"""


class Migration(migrations.Migration):
    dependencies = [("associations", "0005_charte")]
    operations = [migrations.RunSQL(FROZEN, DROP)]
