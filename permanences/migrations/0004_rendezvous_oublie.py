from django.db import migrations, models
from django.db.models import Q

# Nor who typed it: an agent is somebody too.
FORGOTTEN = Q(
    compte=None,
    nom="",
    courriel="",
    telephone="",
    motif=None,
    saisi_par=None,
    empreinte=None,
)


class Migration(migrations.Migration):
    dependencies = [("permanences", "0003_rendezvous_modifie_le")]
    operations = [
        migrations.RemoveConstraint("rendezvous", "rendezvous_anonyme"),
        migrations.AddConstraint(
            "rendezvous",
            models.CheckConstraint(
                name="rendezvous_anonyme", condition=Q(anonymise_le=None) | FORGOTTEN
            ),
        ),
        migrations.AddIndex(
            "rendezvous",
            models.Index(
                fields=["fin"], name="rendezvous_a_oublier", condition=Q(anonymise_le=None)
            ),
        ),
    ]
