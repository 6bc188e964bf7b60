from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0003_message_sms")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="rappel",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AlterField(
            model_name="message",
            name="etat",
            field=models.CharField(
                choices=[
                    ("attente", "en attente"),
                    ("envoye", "envoyé"),
                    ("echec", "échec"),
                    ("a_appeler", "à appeler"),
                    ("appele", "dit au téléphone"),
                    ("ecarte", "pas envoyé"),
                ],
                default="attente",
                max_length=10,
                verbose_name="état",
            ),
        ),
        migrations.RemoveIndex(model_name="message", name="message_a_envoyer"),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("etat", "attente")),
                fields=["rappel", "essayer_le"],
                name="message_a_envoyer",
            ),
        ),
    ]
