from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("maisons", "0016_invitation")]
    operations = [
        migrations.AddIndex(
            "creneau",
            models.Index(
                fields=["nature", "debut", "id"],
                name="creneau_nature",
                condition=Q(publie_le__isnull=False),
            ),
        ),
    ]
