from django.db import migrations

# Once approved, what was said and who was there stay as they are.
APPROVED = """
CREATE FUNCTION conseils_compte_rendu_fige() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.etat = 'approuve' THEN
        RAISE EXCEPTION 'Le compte rendu % est approuvé : il ne change plus', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'compte_rendu_fige';
    END IF;
    IF TG_OP = 'DELETE' OR (OLD.etat = 'propose' AND NEW.etat = 'brouillon') THEN
        IF OLD.etat = 'propose' THEN
            RAISE EXCEPTION 'Le compte rendu % est public : il le reste', OLD.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'compte_rendu_fige';
        END IF;
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER compte_rendu_fige BEFORE UPDATE OR DELETE ON conseils_compterendu
    FOR EACH ROW EXECUTE FUNCTION conseils_compte_rendu_fige();

CREATE FUNCTION conseils_presence_figee() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM conseils_compterendu
               WHERE etat = 'approuve'
                 AND reunion_id IN ((to_jsonb(OLD) ->> 'reunion_id')::bigint,
                                    (to_jsonb(NEW) ->> 'reunion_id')::bigint)) THEN
        RAISE EXCEPTION 'Le compte rendu est approuvé : les présences ne changent plus'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'presence_figee';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER presence_figee BEFORE INSERT OR UPDATE OR DELETE ON conseils_presence
    FOR EACH ROW EXECUTE FUNCTION conseils_presence_figee();

-- A member is of the council that meets.
CREATE FUNCTION conseils_presence_du_conseil() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM conseils_reunion r JOIN conseils_conseiller c
                   ON c.conseil_id = r.conseil_id
                   WHERE r.creneau_id = NEW.reunion_id AND c.id = NEW.conseiller_id) THEN
        RAISE EXCEPTION 'Le membre % n’est pas de ce conseil', NEW.conseiller_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'presence_du_conseil';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER presence_du_conseil BEFORE INSERT OR UPDATE ON conseils_presence
    FOR EACH ROW EXECUTE FUNCTION conseils_presence_du_conseil();
"""
DROP = """
DROP TRIGGER presence_du_conseil ON conseils_presence;
DROP FUNCTION conseils_presence_du_conseil();
DROP TRIGGER presence_figee ON conseils_presence;
DROP FUNCTION conseils_presence_figee();
DROP TRIGGER compte_rendu_fige ON conseils_compterendu;
DROP FUNCTION conseils_compte_rendu_fige();
"""


class Migration(migrations.Migration):
    dependencies = [("conseils", "0020_compte_rendu")]
    operations = [migrations.RunSQL(APPROVED, DROP)]
