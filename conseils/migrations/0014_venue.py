import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conseils", "0013_conseil_rappels")]
    operations = [
        migrations.CreateModel(
            name="Venue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("empreinte", models.BinaryField(max_length=32)),
                (
                    "reunion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="venues",
                        to="conseils.reunion",
                    ),
                ),
            ],
            options={
                "verbose_name": "venue",
                "constraints": [
                    models.UniqueConstraint(name="venue_unique", fields=["reunion", "empreinte"])
                ],
            },
        ),
    ]
