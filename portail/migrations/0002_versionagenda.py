import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portail", "0001_remarque")]

    operations = [
        migrations.CreateModel(
            name="VersionAgenda",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valeur", models.UUIDField(default=uuid.uuid4)),
            ],
            options={
                "verbose_name": "version de l’agenda",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="versionagenda_unique"
                    )
                ],
            },
        ),
    ]
