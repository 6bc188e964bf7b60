import django.db.models.deletion
from django.db import migrations, models

LINK = {"blank": True, "null": True, "related_name": "+", "to": "conseils.reunion"}
SET_NULL, DO_NOTHING = django.db.models.deletion.SET_NULL, django.db.models.deletion.DO_NOTHING
APPROUVE = LINK | {"verbose_name": "réunion à approuver"}


class Migration(migrations.Migration):
    dependencies = [("conseils", "0006_point_rapporteurs")]
    operations = [
        migrations.AddField(
            "point",
            "approuve",
            models.ForeignKey(editable=False, on_delete=SET_NULL, **APPROUVE),
        ),
        migrations.AddField(
            "historicalpoint",
            "approuve",
            models.ForeignKey(
                db_constraint=False, editable=False, on_delete=DO_NOTHING, **APPROUVE
            ),
        ),
        migrations.AddField(
            "reunion",
            "precedente",
            models.ForeignKey(
                editable=False, on_delete=SET_NULL, verbose_name="réunion d’avant", **LINK
            ),
        ),
    ]
