import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("notifications", "0006_message_remise"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="desabonnement",
            field=models.CharField(
                blank=True, db_default="", max_length=300, verbose_name="désabonnement"
            ),
        ),
        migrations.CreateModel(
            name="Abonnement",
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
                ("sujet", models.CharField(max_length=60)),
                ("courriel", models.EmailField(blank=True, max_length=254)),
                ("jeton", models.UUIDField(default=uuid.uuid4, unique=True)),
                (
                    "demande_le",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="demandé le"
                    ),
                ),
                ("confirme_le", models.DateTimeField(null=True, verbose_name="confirmé le")),
                (
                    "compte",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="abonnements",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "abonnement",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("compte", None)) ^ models.Q(("courriel", "")),
                        name="abonnement_une_personne",
                    ),
                    models.UniqueConstraint(fields=("sujet", "compte"), name="abonnement_compte"),
                    models.UniqueConstraint(
                        condition=~models.Q(("courriel", "")),
                        fields=("sujet", "courriel"),
                        name="abonnement_courriel",
                    ),
                ],
            },
        ),
    ]
