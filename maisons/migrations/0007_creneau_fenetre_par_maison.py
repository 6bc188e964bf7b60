import django.contrib.postgres.indexes
from django.db import migrations
from django.db.models import Q

import maisons.models.creneau


class Migration(migrations.Migration):
    dependencies = [("maisons", "0006_creneau_statistiques")]
    operations = [
        migrations.RemoveIndex("creneau", "creneau_agenda_fenetre"),
        migrations.AddIndex(
            "creneau",
            django.contrib.postgres.indexes.GistIndex(
                maisons.models.creneau.TsTzRange("debut", "fin"),
                "maison",
                condition=Q(publie_le__isnull=False),
                name="creneau_agenda_fenetre",
            ),
        ),
    ]
