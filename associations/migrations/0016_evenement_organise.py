import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("associations", "0015_budget_heures"),
        ("maisons", "0018_maison_coordonnees_ensemble"),
    ]

    operations = [
        migrations.CreateModel(
            name="EvenementOrganise",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "association",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="organises",
                        to="associations.association",
                    ),
                ),
                (
                    "evenement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="organisateurs",
                        to="maisons.evenement",
                        verbose_name="événement",
                    ),
                ),
            ],
            options={
                "verbose_name": "événement d’association",
                "verbose_name_plural": "événements d’associations",
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("association", "evenement"),
                        name="evenement_organise_une_fois",
                        violation_error_message="C’est déjà noté.",
                    )
                ],
            },
        ),
    ]
