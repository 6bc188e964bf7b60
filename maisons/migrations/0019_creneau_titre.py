from django.db import migrations

# The dates of a series of loans were written without their title. The model does not repeat the
# constraint: each form would ask PostgreSQL what no form can break.
ENTITLE = """
SET CONSTRAINTS ALL IMMEDIATE;
UPDATE maisons_creneau SET titre = 'Prêt de salle' WHERE titre = '' AND nature = 'pret';
ALTER TABLE maisons_creneau ADD CONSTRAINT creneau_titre CHECK (titre <> '');
"""
DROP = "ALTER TABLE maisons_creneau DROP CONSTRAINT creneau_titre"


class Migration(migrations.Migration):
    dependencies = [("maisons", "0018_maison_coordonnees_ensemble")]
    operations = [migrations.RunSQL(ENTITLE, DROP)]
