from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("associations", "0016_evenement_organise")]
    operations = [
        migrations.AddField(
            "dossier",
            "propose_le",
            models.DateTimeField(null=True, blank=True, editable=False),
        ),
        # What was proposed before has as long as what is proposed now.
        migrations.RunSQL(
            "UPDATE associations_dossier SET propose_le = now() WHERE courriel_propose <> ''",
            migrations.RunSQL.noop,
        ),
    ]
