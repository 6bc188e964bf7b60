import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("associations", "0009_inscription_modifie_le"),
    ]
    operations = [
        migrations.CreateModel(
            name="Agenda",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("graine", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "empreinte",
                    models.BinaryField(editable=False, max_length=32, null=True, unique=True),
                ),
                (
                    "compte",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agenda",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "adresse d’agenda",
                "verbose_name_plural": "adresses d’agenda",
            },
        ),
    ]
