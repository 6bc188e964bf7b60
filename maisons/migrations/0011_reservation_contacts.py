from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("maisons", "0010_reservation_adresse_proposee")]

    operations = [
        migrations.AddIndex(
            "reservation",
            models.Index(
                fields=["courriel"], name="reservation_courriel", condition=~Q(courriel="")
            ),
        ),
        migrations.AddIndex(
            "reservation",
            models.Index(
                fields=["telephone"], name="reservation_telephone", condition=~Q(telephone="")
            ),
        ),
    ]
