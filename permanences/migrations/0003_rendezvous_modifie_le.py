import django.utils.timezone
from django.db import migrations, models
from django.db.models.functions.datetime import Now

# What its person was told: not whether they came, nor what is only known of them.
TRIGGERS = """
CREATE FUNCTION permanences_rendezvous_modifie() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.modifie_le := OLD.modifie_le;
    IF (NEW.vacation_id, NEW.debut, NEW.fin, NEW.annule_le, NEW.sequence)
        IS DISTINCT FROM (OLD.vacation_id, OLD.debut, OLD.fin, OLD.annule_le, OLD.sequence)
        OR (NEW.etat = 'a_confirmer') <> (OLD.etat = 'a_confirmer') THEN
        NEW.modifie_le := clock_timestamp();
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rendezvous_modifie BEFORE UPDATE ON permanences_rendezvous
    FOR EACH ROW EXECUTE FUNCTION permanences_rendezvous_modifie();
-- A date that goes elsewhere takes its appointments along.
CREATE FUNCTION permanences_rendezvous_ailleurs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE permanences_rendezvous SET sequence = sequence + 1
        WHERE vacation_id = NEW.id AND annule_le IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER creneau_rendezvous_ailleurs AFTER UPDATE ON maisons_creneau FOR EACH ROW
    WHEN (NEW.nature = 'permanence' AND (NEW.portee, NEW.maison_id, NEW.salle_id, NEW.adresse_libre)
        IS DISTINCT FROM (OLD.portee, OLD.maison_id, OLD.salle_id, OLD.adresse_libre))
    EXECUTE FUNCTION permanences_rendezvous_ailleurs();
"""
DROP = """
DROP TRIGGER creneau_rendezvous_ailleurs ON maisons_creneau;
DROP FUNCTION permanences_rendezvous_ailleurs();
DROP TRIGGER rendezvous_modifie ON permanences_rendezvous;
DROP FUNCTION permanences_rendezvous_modifie();
"""


class Migration(migrations.Migration):
    dependencies = [("permanences", "0002_declencheurs")]
    operations = [
        migrations.AddField(
            "rendezvous",
            "modifie_le",
            models.DateTimeField(
                db_default=Now(), default=django.utils.timezone.now, editable=False
            ),
        ),
        migrations.RunSQL(TRIGGERS, DROP),
    ]
