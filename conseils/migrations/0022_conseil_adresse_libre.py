from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conseils", "0021_compte_rendu_declencheurs")]

    operations = [
        migrations.AddConstraint(
            model_name="conseil",
            constraint=models.CheckConstraint(
                condition=models.Q(("slug", "recherche"), _negated=True),
                name="conseil_adresse_libre",
                violation_error_message="Cette adresse est celle de la recherche.",
            ),
        ),
    ]
