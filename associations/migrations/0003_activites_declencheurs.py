from django.db import migrations

from maisons.contrat import child_triggers

# No place beyond those of the activity, whoever writes, on either side.
PLACES = """
CREATE FUNCTION associations_inscription_place_existe() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.place > (SELECT places FROM associations_activite WHERE id = NEW.activite_id FOR SHARE)
    THEN
        RAISE EXCEPTION 'Cette activité n''a pas tant de places'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'inscription_place_existe';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER inscription_place_existe
    BEFORE INSERT OR UPDATE OF place, activite_id ON associations_inscription
    FOR EACH ROW WHEN (NEW.place IS NOT NULL) EXECUTE FUNCTION associations_inscription_place_existe();
CREATE FUNCTION associations_activite_places_tenues() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM associations_inscription
        WHERE activite_id = NEW.id AND place > coalesce(NEW.places, 0)
    ) THEN
        RAISE EXCEPTION 'Des personnes sont inscrites à ces places'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'activite_places_tenues';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER activite_places_tenues BEFORE UPDATE OF places ON associations_activite
    FOR EACH ROW WHEN (NEW.places IS DISTINCT FROM OLD.places)
    EXECUTE FUNCTION associations_activite_places_tenues();
"""
DROP_PLACES = """
DROP TRIGGER activite_places_tenues ON associations_activite;
DROP FUNCTION associations_activite_places_tenues();
DROP TRIGGER inscription_place_existe ON associations_inscription;
DROP FUNCTION associations_inscription_place_existe();
"""


class Migration(migrations.Migration):
    dependencies = [("associations", "0002_activites")]
    operations = [
        child_triggers("activite", "associations_seance"),
        migrations.RunSQL(PLACES, DROP_PLACES),
    ]
