from django.db import migrations

# Whoever is still to come has a place in a date that takes place; who came before it was cancelled
# keeps theirs. Checked at the end of the transaction, on the rows as they then are: a date and its
# appointments move one after the other. The row of the date is held meanwhile, so that nobody
# cancels it at the same time.
CREATE = """
CREATE FUNCTION permanences_rendezvous_tient() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept permanences_rendezvous;
BEGIN
    SELECT * INTO kept FROM permanences_rendezvous WHERE id = NEW.id;
    IF NOT FOUND OR kept.etat NOT IN ('a_confirmer', 'pris') THEN
        RETURN NULL;
    END IF;
    PERFORM 1 FROM permanences_vacation v JOIN maisons_creneau c ON c.id = v.creneau_id
        WHERE v.creneau_id = kept.vacation_id
        AND (c.annule_le IS NULL OR kept.arrive_le IS NOT NULL OR kept.fin <= c.annule_le)
        AND kept.debut >= c.debut AND kept.fin <= c.fin AND kept.guichet BETWEEN 1 AND v.guichets
        FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'Ce rendez-vous n''est pas dans sa permanence'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rendezvous_dans_sa_vacation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER rendezvous_dans_sa_vacation_ajout AFTER INSERT
    ON permanences_rendezvous DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.etat IN ('a_confirmer', 'pris'))
    EXECUTE FUNCTION permanences_rendezvous_tient();
CREATE CONSTRAINT TRIGGER rendezvous_dans_sa_vacation AFTER UPDATE
    ON permanences_rendezvous DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.etat IN ('a_confirmer', 'pris') AND
        (OLD.vacation_id, OLD.debut, OLD.fin, OLD.guichet, OLD.etat)
        IS DISTINCT FROM (NEW.vacation_id, NEW.debut, NEW.fin, NEW.guichet, NEW.etat))
    EXECUTE FUNCTION permanences_rendezvous_tient();

CREATE FUNCTION permanences_vacation_tient() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    key bigint;
BEGIN
    IF TG_TABLE_NAME = 'maisons_creneau' THEN
        key := NEW.id;
    ELSE
        key := NEW.creneau_id;
    END IF;
    IF EXISTS (
        SELECT 1 FROM permanences_rendezvous r
        JOIN permanences_vacation v ON v.creneau_id = r.vacation_id
        JOIN maisons_creneau c ON c.id = v.creneau_id
        WHERE r.vacation_id = key AND r.etat IN ('a_confirmer', 'pris')
        AND (r.debut < c.debut OR r.fin > c.fin OR r.guichet > v.guichets
            OR (c.annule_le < r.fin AND r.arrive_le IS NULL))
    ) THEN
        RAISE EXCEPTION 'Un rendez-vous n''est plus dans sa permanence'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rendezvous_dans_sa_vacation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER vacation_garde_ses_rendezvous AFTER UPDATE
    ON maisons_creneau DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.nature = 'permanence' AND (OLD.debut, OLD.fin, OLD.annule_le)
        IS DISTINCT FROM (NEW.debut, NEW.fin, NEW.annule_le))
    EXECUTE FUNCTION permanences_vacation_tient();
CREATE CONSTRAINT TRIGGER vacation_garde_ses_guichets AFTER UPDATE
    ON permanences_vacation DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.guichets > NEW.guichets)
    EXECUTE FUNCTION permanences_vacation_tient();
"""
DROP = """
DROP TRIGGER vacation_garde_ses_guichets ON permanences_vacation;
DROP TRIGGER vacation_garde_ses_rendezvous ON maisons_creneau;
DROP FUNCTION permanences_vacation_tient();
DROP TRIGGER rendezvous_dans_sa_vacation ON permanences_rendezvous;
DROP TRIGGER rendezvous_dans_sa_vacation_ajout ON permanences_rendezvous;
DROP FUNCTION permanences_rendezvous_tient();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("maisons", "0017_creneau_nature"),
        ("permanences", "0004_rendezvous_oublie"),
    ]
    operations = [migrations.RunSQL(CREATE, DROP)]
