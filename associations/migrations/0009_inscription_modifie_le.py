import django.utils.timezone
from django.db import migrations, models
from django.db.models.functions.datetime import Now


class Migration(migrations.Migration):
    dependencies = [("associations", "0008_image")]
    operations = [
        migrations.AddField(
            "inscription",
            "modifie_le",
            models.DateTimeField(
                db_default=Now(), default=django.utils.timezone.now, editable=False
            ),
        ),
    ]
