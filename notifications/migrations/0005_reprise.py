import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("notifications", "0004_message_rappel"),
    ]

    operations = [
        migrations.CreateModel(
            name="Repere",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False),
                ),
                ("jeton", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("rang", models.BigIntegerField(default=0)),
                ("avance_le", models.DateTimeField(null=True, verbose_name="avancé le")),
                ("a_prendre", models.BooleanField(default=True, verbose_name="à prendre")),
                ("fichier", models.JSONField(null=True)),
                ("retenu_le", models.DateTimeField(null=True)),
                ("repris_le", models.DateTimeField(null=True)),
                (
                    "repris_par",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "repère",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="repere_seul")
                ],
            },
        ),
    ]
