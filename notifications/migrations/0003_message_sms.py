from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_message_index_de_recherche")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="sms",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=160, verbose_name="SMS"
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="canal",
            field=models.CharField(
                choices=[("courriel", "e-mail"), ("sms", "SMS"), ("telephone", "téléphone")],
                default="courriel",
                max_length=10,
            ),
        ),
    ]
