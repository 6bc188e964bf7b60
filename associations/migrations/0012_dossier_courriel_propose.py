from django.db import migrations, models
from django.db.models import Q

KNOWN = {"compte": None, "nom": "", "courriel": "", "telephone": ""}
KNOWN |= {"saisi_par": None, "empreinte": None}


def anonymous(**more):
    return models.CheckConstraint(
        name="dossier_anonyme", condition=Q(anonymise_le=None) | Q(**KNOWN, **more)
    )


class Migration(migrations.Migration):
    dependencies = [("associations", "0011_activite_par_titre")]
    operations = [
        migrations.AddField(
            "dossier",
            "courriel_propose",
            models.EmailField(
                blank=True, db_default="", default="", editable=False, max_length=254
            ),
        ),
        migrations.RemoveConstraint("dossier", "dossier_anonyme"),
        migrations.AddConstraint("dossier", anonymous(courriel_propose="")),
    ]
