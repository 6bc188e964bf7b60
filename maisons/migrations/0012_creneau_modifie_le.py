import django.db.models.functions.datetime
import django.utils.timezone
from django.db import migrations, models

# What calendars and feeds tell of a public date. Its `mention`, which lives by the minute, is not
# told there, nor what only the desk reads.
TOLD = [
    *["titre", "resume", "portee", "maison_id", "salle_id", "adresse_libre", "quartier_id"],
    *["debut", "fin", "heure_connue", "theme", "public", "age_min", "age_max"],
    *["gratuit", "tarif", "plain_pied", "publie_le", "annule_le"],
]

TRIGGER = f"""
CREATE FUNCTION maisons_creneau_modifie() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.modifie_le := OLD.modifie_le;
    IF ({", ".join(f"NEW.{name}" for name in TOLD)})
        IS DISTINCT FROM ({", ".join(f"OLD.{name}" for name in TOLD)}) THEN
        NEW.modifie_le := clock_timestamp();
        IF OLD.publie_le IS NOT NULL THEN
            NEW.sequence := greatest(NEW.sequence, OLD.sequence + 1);
        END IF;
    END IF;
    RETURN NEW;
END $$;
-- By its name after `creneau_mesure`, which fills the quartier.
CREATE TRIGGER creneau_modifie BEFORE UPDATE ON maisons_creneau
    FOR EACH ROW EXECUTE FUNCTION maisons_creneau_modifie();
"""
DROP = """
DROP TRIGGER creneau_modifie ON maisons_creneau;
DROP FUNCTION maisons_creneau_modifie();
"""


class Migration(migrations.Migration):
    dependencies = [("maisons", "0011_reservation_contacts")]
    operations = [
        migrations.AddField(
            "creneau",
            "modifie_le",
            models.DateTimeField(
                "modifié le",
                default=django.utils.timezone.now,
                db_default=django.db.models.functions.datetime.Now(),
                editable=False,
            ),
        ),
        migrations.RunSQL(TRIGGER, DROP),
    ]
