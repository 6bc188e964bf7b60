from django.db import migrations

from maisons.contrat import child_triggers

# What a créneau holds follows from where it is, whoever writes it (planning, SQL, an import).
CRENEAU = """
CREATE FUNCTION maisons_creneau_mesure() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    rangement interval;
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.nature <> OLD.nature THEN
        RAISE EXCEPTION 'La nature d’un créneau ne change pas'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'creneau_nature_fixe';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = TG_RELID
                   AND tgname = 'creneau_est_' || NEW.nature) THEN
        RAISE EXCEPTION 'Nature de créneau inconnue : %', NEW.nature
            USING ERRCODE = 'check_violation', CONSTRAINT = 'creneau_nature_connue';
    END IF;
    IF NEW.publie_le > clock_timestamp() + interval '1 minute' THEN
        RAISE EXCEPTION 'Un créneau n’est pas publié dans le futur'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'creneau_publie_passe';
    END IF;
    IF NEW.salle_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM maisons_salle WHERE id = NEW.salle_id AND maison_id = NEW.maison_id
    ) THEN
        RAISE EXCEPTION 'La salle % n’est pas dans la maison %', NEW.salle_id, NEW.maison_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'creneau_salle_de_la_maison';
    END IF;
    IF NEW.maison_id IS NOT NULL AND NEW.portee <> 'hors_les_murs' THEN
        SELECT quartier_id INTO NEW.quartier_id FROM maisons_maison WHERE id = NEW.maison_id;
    END IF;
    SELECT coalesce(array_agg(id::int ORDER BY id), '{}'), coalesce(max(battement), interval '0')
      INTO NEW.emprise, rangement
      FROM maisons_salle
     WHERE NOT partagee
       AND ((NEW.portee = 'maison' AND maison_id = NEW.maison_id)
         OR (NEW.portee = 'salle' AND (id = NEW.salle_id OR partie_de_id = NEW.salle_id)));
    NEW.libere_a := NEW.fin + rangement;
    RETURN NEW;
END $$;
CREATE TRIGGER creneau_mesure BEFORE INSERT OR UPDATE ON maisons_creneau
    FOR EACH ROW EXECUTE FUNCTION maisons_creneau_mesure();

CREATE FUNCTION maisons_creneau_nature_juste() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM maisons_creneau
                   WHERE id = NEW.creneau_id AND nature = TG_ARGV[0]) THEN
        RAISE EXCEPTION 'Le créneau % n’est pas de nature %', NEW.creneau_id, TG_ARGV[0]
            USING ERRCODE = 'check_violation', CONSTRAINT = 'creneau_nature_juste';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION maisons_creneau_a_son_enfant() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    complet boolean;
BEGIN
    EXECUTE format(
        'SELECT NOT EXISTS (SELECT 1 FROM maisons_creneau WHERE id = $1)'
        ' OR EXISTS (SELECT 1 FROM %I WHERE creneau_id = $1)', TG_ARGV[0]
    ) INTO complet USING NEW.id;
    IF NOT complet THEN
        RAISE EXCEPTION 'Le créneau % n’a pas de ligne dans %', NEW.id, TG_ARGV[0]
            USING ERRCODE = 'check_violation', CONSTRAINT = 'creneau_a_son_enfant';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION maisons_creneau_sans_enfant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM maisons_creneau WHERE id = OLD.creneau_id) THEN
        RAISE EXCEPTION 'Le créneau % resterait seul', OLD.creneau_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'creneau_a_son_enfant';
    END IF;
    RETURN NULL;
END $$;
"""
DROP_CRENEAU = """
DROP FUNCTION maisons_creneau_sans_enfant();
DROP FUNCTION maisons_creneau_a_son_enfant();
DROP FUNCTION maisons_creneau_nature_juste();
DROP TRIGGER creneau_mesure ON maisons_creneau;
DROP FUNCTION maisons_creneau_mesure();
"""

# Rooms and their parts: one level, one house, for good.
SALLE = """
CREATE FUNCTION maisons_salle_parties() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.maison_id <> OLD.maison_id THEN
        RAISE EXCEPTION 'Une salle ne change pas de maison'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'salle_maison_fixe';
    END IF;
    IF NEW.partie_de_id IS NOT NULL AND (
        NOT EXISTS (SELECT 1 FROM maisons_salle WHERE id = NEW.partie_de_id
                    AND maison_id = NEW.maison_id AND partie_de_id IS NULL AND NOT partagee)
        OR EXISTS (SELECT 1 FROM maisons_salle WHERE partie_de_id = NEW.id)
    ) THEN
        RAISE EXCEPTION 'La salle % ne peut pas être une partie de %', NEW.nom, NEW.partie_de_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'salle_parties_un_niveau';
    END IF;
    IF NEW.partagee AND EXISTS (SELECT 1 FROM maisons_salle WHERE partie_de_id = NEW.id) THEN
        RAISE EXCEPTION 'La salle % a des parties : elle ne peut pas être partagée', NEW.nom
            USING ERRCODE = 'check_violation', CONSTRAINT = 'salle_parties_un_niveau';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER salle_parties BEFORE INSERT OR UPDATE ON maisons_salle
    FOR EACH ROW EXECUTE FUNCTION maisons_salle_parties();
"""
DROP_SALLE = """
DROP TRIGGER salle_parties ON maisons_salle;
DROP FUNCTION maisons_salle_parties();
"""


class Migration(migrations.Migration):
    dependencies = [("maisons", "0002_maisons_et_creneaux")]
    operations = [
        migrations.RunSQL(CRENEAU, DROP_CRENEAU),
        migrations.RunSQL(SALLE, DROP_SALLE),
        child_triggers("evenement", "maisons_occurrence"),
        child_triggers("reservation", "maisons_reservation"),
    ]
