import django.contrib.postgres.indexes
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_message")]

    operations = [
        TrigramExtension(),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                models.Case(
                    models.When(etat="echec", then=models.Value(0)),
                    models.When(etat="attente", then=models.Value(1)),
                    models.When(etat="a_appeler", then=models.Value(2)),
                    default=models.Value(9),
                ),
                models.F("cree_le").desc(),
                models.F("id").desc(),
                name="message_ordre",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(Upper("nom"), name="gin_trgm_ops"),
                django.contrib.postgres.indexes.OpClass(Upper("destinataire"), name="gin_trgm_ops"),
                name="message_recherche",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["cree_le"], name="message_cree_le"),
        ),
    ]
