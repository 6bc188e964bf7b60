from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("maisons", "0017_creneau_nature"),
        ("quartiers", "0005_elu"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="maison",
            name="maison_coordonnees",
        ),
        migrations.AddConstraint(
            model_name="maison",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("latitude", None), ("longitude", None)),
                    models.Q(
                        ("latitude__isnull", False),
                        ("latitude__range", (-90, 90)),
                        ("longitude__isnull", False),
                        ("longitude__range", (-180, 180)),
                    ),
                    _connector="OR",
                ),
                name="maison_coordonnees",
                violation_error_message="Longitude et latitude vont ensemble, en degrés.",
            ),
        ),
    ]
