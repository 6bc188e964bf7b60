from django.db import migrations

# Those that were public before the database kept it.
FREEZE = """
UPDATE conseils_reunion SET figee_le = maisons_creneau.publie_le
  FROM maisons_creneau
 WHERE maisons_creneau.id = conseils_reunion.creneau_id AND maisons_creneau.publie_le IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("conseils", "0015_rectificatif")]
    operations = [migrations.RunSQL(FREEZE, migrations.RunSQL.noop)]
