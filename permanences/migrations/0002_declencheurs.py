from django.db import migrations

from maisons.contrat import child_triggers

# Who read what stays written: no change, and no loss before six months.
LECTURE = """
CREATE FUNCTION permanences_lecture_reste() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.le < now() - interval '183 days' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'Le journal des lectures ne change pas'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'lecture_reste';
END $$;
CREATE TRIGGER lecture_reste BEFORE UPDATE OR DELETE ON permanences_lecture
    FOR EACH ROW EXECUTE FUNCTION permanences_lecture_reste();
"""
DROP_LECTURE = """
DROP TRIGGER lecture_reste ON permanences_lecture;
DROP FUNCTION permanences_lecture_reste();
"""


class Migration(migrations.Migration):
    dependencies = [("permanences", "0001_services_et_permanences")]
    operations = [
        child_triggers("permanence", "permanences_vacation"),
        migrations.RunSQL(LECTURE, DROP_LECTURE),
    ]
