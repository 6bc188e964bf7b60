from django.db import migrations

# PostgreSQL ignores what it knows of a partial index: without these it takes any window, a day
# or ten years, for one row in a hundred. They count from the next ANALYZE on.
STATISTICS = """
CREATE STATISTICS creneau_duree ON (tstzrange(debut, fin)) FROM maisons_creneau;
CREATE STATISTICS creneau_occupation ON (tstzrange(debut, libere_a)) FROM maisons_creneau;
"""
DROP_STATISTICS = """
DROP STATISTICS creneau_occupation;
DROP STATISTICS creneau_duree;
"""


class Migration(migrations.Migration):
    dependencies = [("maisons", "0005_creneau_sans_index_quartier")]
    operations = [migrations.RunSQL(STATISTICS, DROP_STATISTICS)]
