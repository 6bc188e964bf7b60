import django.contrib.postgres.fields
from django.db import migrations, models

import conseils.models.conseil

RAPPELS = {
    "base_field": models.IntegerField(),
    "blank": True,
    "default": conseils.models.conseil.usual_reminders,
    "help_text": "Séparés par des virgules, comme « 7, 1 ». Vide : aucun rappel.",
    "size": None,
    "verbose_name": "rappels, en jours avant la réunion",
}


class Migration(migrations.Migration):
    dependencies = [("conseils", "0012_conseiller_courriel")]
    operations = [
        *[
            migrations.AddField(
                model_name=name,
                name="rappels",
                field=django.contrib.postgres.fields.ArrayField(**RAPPELS),
            )
            for name in ("conseil", "historicalconseil")
        ],
        migrations.AddConstraint(
            model_name="conseil",
            constraint=models.CheckConstraint(
                name="conseil_rappels",
                condition=models.Q(rappels__contained_by=list(range(1, 31)), rappels__len__lte=3),
                violation_error_message="Trois rappels au plus, de 1 à 30 jours avant.",
            ),
        ),
    ]
