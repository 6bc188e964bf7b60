from django.db import migrations

# What the deadline was is taken from the rule of today for the agendas published before.
FREEZE = """
UPDATE conseils_reunion AS reunion
SET echeance = (
    creneau.debut AT TIME ZONE 'Europe/Paris' - conseil.convocation * interval '1 day'
) AT TIME ZONE 'Europe/Paris'
FROM maisons_creneau AS creneau, conseils_conseil AS conseil
WHERE creneau.id = reunion.creneau_id AND conseil.id = reunion.conseil_id
    AND creneau.publie_le IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("conseils", "0009_reunion_echeance")]
    operations = [migrations.RunSQL(FREEZE, migrations.RunSQL.noop)]
