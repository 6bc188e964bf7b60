import django.db.models.deletion
import django.utils.timezone
from django.contrib.postgres.lookups import Unaccent
from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    dependencies = [("quartiers", "0004_recherche")]
    operations = [
        migrations.CreateModel(
            name="Elu",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("nom", models.CharField(max_length=100)),
                (
                    "debut",
                    models.DateField(
                        default=django.utils.timezone.localdate, verbose_name="depuis le"
                    ),
                ),
                (
                    "fin",
                    models.DateField(
                        blank=True,
                        help_text="Dernier jour compris.",
                        null=True,
                        verbose_name="jusqu’au",
                    ),
                ),
                (
                    "fonction",
                    models.CharField(
                        help_text="Par exemple : maire, adjointe au maire, conseiller municipal.",
                        max_length=100,
                    ),
                ),
                (
                    "delegation",
                    models.CharField(
                        blank=True,
                        help_text="Par exemple : écoles et jeunesse.",
                        max_length=200,
                        verbose_name="délégation",
                    ),
                ),
                (
                    "quartier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="elus",
                        to="quartiers.quartier",
                    ),
                ),
            ],
            options={
                "verbose_name": "élu",
                "verbose_name_plural": "élus",
                "ordering": [Unaccent(Lower("nom"))],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(fin=None) | Q(fin__gte=F("debut")),
                        name="elu_fin_apres_debut",
                        violation_error_message="Le dernier jour doit suivre le premier.",
                    )
                ],
            },
        ),
    ]
