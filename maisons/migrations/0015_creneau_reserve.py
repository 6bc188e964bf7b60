from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("maisons", "0014_salle_rappel")]
    operations = [
        migrations.AddIndex(
            "creneau",
            models.Index(
                fields=["debut"],
                name="creneau_reserve",
                condition=Q(annule_le=None, nature="reservation"),
            ),
        ),
    ]
