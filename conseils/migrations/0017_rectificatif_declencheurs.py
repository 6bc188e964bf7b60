from django.db import migrations

from conseils.gel import frozen, frozen_columns

# The transaction that makes an agenda public still writes it freely; whoever writes, it is known.
PUBLISHED = """
CREATE FUNCTION conseils_reunion_figer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        NEW.figee_le := coalesce(OLD.figee_le, NEW.figee_le);
    ELSIF EXISTS (SELECT 1 FROM maisons_creneau
                  WHERE id = NEW.creneau_id AND publie_le IS NOT NULL) THEN
        NEW.figee_le := transaction_timestamp();
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reunion_figer BEFORE INSERT OR UPDATE ON conseils_reunion
    FOR EACH ROW EXECUTE FUNCTION conseils_reunion_figer();

CREATE FUNCTION conseils_reunion_publiee() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE conseils_reunion SET figee_le = transaction_timestamp() WHERE creneau_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER creneau_reunion_publiee AFTER UPDATE ON maisons_creneau FOR EACH ROW
    WHEN (NEW.nature = 'reunion' AND OLD.publie_le IS NULL AND NEW.publie_le IS NOT NULL)
    EXECUTE FUNCTION conseils_reunion_publiee();

CREATE FUNCTION conseils_publication_fixe() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'La réunion % a été publiée : cela ne change plus', NEW.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'reunion_publication_fixe';
END $$;
CREATE TRIGGER creneau_reunion_publication_fixe BEFORE UPDATE ON maisons_creneau FOR EACH ROW
    WHEN (OLD.nature = 'reunion' AND OLD.publie_le IS NOT NULL
          AND OLD.publie_le IS DISTINCT FROM NEW.publie_le)
    EXECUTE FUNCTION conseils_publication_fixe();

CREATE FUNCTION conseils_reunion_reste() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.figee_le <> transaction_timestamp() THEN
        RAISE EXCEPTION 'La réunion % est publique : elle reste', OLD.creneau_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'reunion_publique_reste';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER reunion_publique_reste AFTER DELETE ON conseils_reunion
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION conseils_reunion_reste();
"""
DROP_PUBLISHED = """
DROP TRIGGER reunion_publique_reste ON conseils_reunion;
DROP FUNCTION conseils_reunion_reste();
DROP TRIGGER creneau_reunion_publication_fixe ON maisons_creneau;
DROP FUNCTION conseils_publication_fixe();
DROP TRIGGER creneau_reunion_publiee ON maisons_creneau;
DROP FUNCTION conseils_reunion_publiee();
DROP TRIGGER reunion_figer ON conseils_reunion;
DROP FUNCTION conseils_reunion_figer();
"""

# At the commit: a change of what is public has a row of this transaction that tells it.
CHANGED = """
CREATE FUNCTION conseils_change_rectifie() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- Who an item names is told by its text, which stays when the member or the elected goes.
    unread text[] := ARRAY['recherche', 'membre_id', 'elu_id', 'approuve_id'];
    avant jsonb := to_jsonb(OLD) - unread;
    apres jsonb := to_jsonb(NEW) - unread;
    touchee bigint;
BEGIN
    IF avant = apres THEN
        RETURN NULL;
    END IF;
    SELECT r.creneau_id INTO touchee
      FROM conseils_reunion r JOIN maisons_creneau c ON c.id = r.creneau_id
     WHERE r.creneau_id IN ((avant ->> TG_ARGV[0])::bigint, (apres ->> TG_ARGV[0])::bigint)
       AND (c.publie_le IS NOT NULL OR r.figee_le IS NOT NULL)
       AND r.figee_le IS DISTINCT FROM transaction_timestamp()
       AND NOT EXISTS (SELECT 1 FROM conseils_rectificatif
                       WHERE reunion_id = r.creneau_id AND quand = transaction_timestamp())
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'La réunion % est publique : un rectificatif dit ce qui change', touchee
            USING ERRCODE = 'check_violation', CONSTRAINT = 'reunion_rectifiee';
    END IF;
    RETURN NULL;
END $$;
"""
DROP_CHANGED = "DROP FUNCTION conseils_change_rectifie();"

# For good, and of its own instant: it cannot be written before or after what it tells.
KEPT = """
CREATE FUNCTION conseils_rectificatif_nouveau() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM maisons_creneau
                   WHERE id = NEW.reunion_id AND publie_le IS NOT NULL) THEN
        RAISE EXCEPTION 'La réunion % n’est pas publique : rien à rectifier', NEW.reunion_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rectificatif_de_publique';
    END IF;
    NEW.quand := transaction_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER rectificatif_nouveau BEFORE INSERT ON conseils_rectificatif
    FOR EACH ROW EXECUTE FUNCTION conseils_rectificatif_nouveau();

CREATE FUNCTION conseils_rectificatif_reste() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- An account that is erased leaves no name behind, here neither.
    IF TG_OP = 'UPDATE' AND NEW.compte_id IS NULL
       AND to_jsonb(OLD) - 'compte_id' = to_jsonb(NEW) - 'compte_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Un rectificatif ne change pas et ne part pas'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'rectificatif_reste';
END $$;
CREATE TRIGGER rectificatif_reste BEFORE UPDATE OR DELETE ON conseils_rectificatif
    FOR EACH ROW EXECUTE FUNCTION conseils_rectificatif_reste();
"""
DROP_KEPT = """
DROP TRIGGER rectificatif_reste ON conseils_rectificatif;
DROP FUNCTION conseils_rectificatif_reste();
DROP TRIGGER rectificatif_nouveau ON conseils_rectificatif;
DROP FUNCTION conseils_rectificatif_nouveau();
"""
# The address of an item is of one thing: its number neither changes nor comes back.
NUMBER = """
CREATE FUNCTION conseils_numero_neuf() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM conseils_reunion
                 JOIN conseils_rectificatif ON reunion_id = creneau_id,
                      jsonb_array_elements(avant -> 'points') AS item
                WHERE creneau_id = NEW.reunion_id AND (item ->> 'numero')::int = NEW.numero
                  AND figee_le IS DISTINCT FROM transaction_timestamp()) THEN
        RAISE EXCEPTION 'Le numéro % a été celui d’un autre point', NEW.numero
            USING ERRCODE = 'check_violation', CONSTRAINT = 'point_numero_neuf';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER point_numero_neuf_ajoute AFTER INSERT ON conseils_point
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION conseils_numero_neuf();
CREATE CONSTRAINT TRIGGER point_numero_neuf_change AFTER UPDATE ON conseils_point
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((NEW.reunion_id, NEW.numero) IS DISTINCT FROM (OLD.reunion_id, OLD.numero))
    EXECUTE FUNCTION conseils_numero_neuf();
"""
DROP_NUMBER = """
DROP TRIGGER point_numero_neuf_change ON conseils_point;
DROP TRIGGER point_numero_neuf_ajoute ON conseils_point;
DROP FUNCTION conseils_numero_neuf();
"""
PLACE = ["portee", "maison_id", "salle_id", "adresse_libre", "debut", "fin"]
MEETING = ["conseil_id", "numero", "mode", "lien_visio", "resume_facile"]


class Migration(migrations.Migration):
    dependencies = [
        ("conseils", "0016_reunion_figees"),
        ("maisons", "0016_invitation"),
    ]
    operations = [
        migrations.RunSQL(PUBLISHED, DROP_PUBLISHED),
        migrations.RunSQL(CHANGED, DROP_CHANGED),
        migrations.RunSQL(KEPT, DROP_KEPT),
        migrations.RunSQL(NUMBER, DROP_NUMBER),
        frozen_columns("maisons_creneau", "id", PLACE, nature="reunion"),
        frozen_columns("conseils_reunion", "creneau_id", MEETING),
        frozen("conseils_point"),
        frozen("conseils_piece"),
    ]
