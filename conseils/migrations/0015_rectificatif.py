import django.contrib.postgres.functions
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conseils", "0014_venue"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            "reunion",
            "figee_le",
            models.DateTimeField("figée le", null=True, blank=True, editable=False),
        ),
        migrations.CreateModel(
            "Rectificatif",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("numero", models.PositiveSmallIntegerField("numéro")),
                (
                    "quand",
                    models.DateTimeField(
                        db_default=django.contrib.postgres.functions.TransactionNow(),
                        editable=False,
                    ),
                ),
                ("motif", models.CharField("ce qui change", max_length=200)),
                ("avant", models.JSONField()),
                ("apres", models.JSONField("après")),
                (
                    "compte",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reunion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rectificatifs",
                        to="conseils.reunion",
                        verbose_name="réunion",
                    ),
                ),
            ],
            options={
                "verbose_name": "rectificatif",
                "ordering": ["numero"],
                "constraints": [
                    models.UniqueConstraint(
                        name="rectificatif_numero", fields=["reunion", "numero"]
                    ),
                    models.CheckConstraint(
                        name="rectificatif_motive",
                        condition=models.Q(models.Q(motif="", _negated=True), numero__gt=0),
                    ),
                ],
            },
        ),
    ]
