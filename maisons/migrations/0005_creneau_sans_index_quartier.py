import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("maisons", "0004_reservation_a_expirer")]
    operations = [
        migrations.AlterField(
            "creneau",
            "quartier",
            models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="creneaux",
                to="quartiers.quartier",
            ),
        ),
    ]
