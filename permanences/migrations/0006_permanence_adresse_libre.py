from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("permanences", "0005_rendez_vous_dans_sa_vacation")]
    operations = [
        migrations.AddConstraint(
            model_name="permanence",
            constraint=models.CheckConstraint(
                name="permanence_adresse_libre",
                condition=~Q(slug__in=["services", "fiches", "mediateurs"]),
                violation_error_message="Cette adresse est celle d’une autre page.",
            ),
        )
    ]
