import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

KNOWN = {
    "compte": None,
    "nom": "",
    "courriel": "",
    "telephone": "",
    "motif": None,
    "saisi_par": None,
}


class Migration(migrations.Migration):
    dependencies = [("permanences", "0008_lecture_d_une_question")]
    operations = [
        migrations.AddField(
            "rendezvous",
            "note_par",
            models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            "rendezvous",
            "note_le",
            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="noté le"),
        ),
        # Nor who noted it.
        migrations.RemoveConstraint("rendezvous", "rendezvous_anonyme"),
        migrations.AddConstraint(
            "rendezvous",
            models.CheckConstraint(
                name="rendezvous_anonyme",
                condition=Q(anonymise_le=None) | Q(**KNOWN, note_par=None, empreinte=None),
            ),
        ),
    ]
