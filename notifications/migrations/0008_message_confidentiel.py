from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0007_abonnement")]
    operations = [
        migrations.AddField(
            "message",
            "confidentiel",
            models.BooleanField(db_default=False, default=False, editable=False),
        ),
    ]
