from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("maisons", "0003_creneau_declencheurs")]
    operations = [
        migrations.AddIndex(
            "reservation",
            models.Index(
                fields=["expire_le"],
                name="reservation_a_expirer",
                condition=Q(etat="a_confirmer"),
            ),
        ),
    ]
