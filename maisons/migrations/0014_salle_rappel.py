from datetime import timedelta

from django.db import migrations, models


def rappel():
    return models.DurationField(
        "rappel",
        db_default=timedelta(hours=48),
        default=timedelta(hours=48),
        help_text="Avant le début, à qui a réservé. 0 : aucun.",
    )


class Migration(migrations.Migration):
    dependencies = [("maisons", "0013_recherche")]
    operations = [
        migrations.AddField("salle", "rappel", rappel()),
        migrations.AddField("historicalsalle", "rappel", rappel()),
        migrations.AddConstraint(
            "salle",
            models.CheckConstraint(
                name="salle_rappel",
                condition=models.Q(("rappel__range", (timedelta(), timedelta(days=14)))),
                violation_error_message="Un rappel part au plus 14 jours (336 heures) avant.",
            ),
        ),
    ]
