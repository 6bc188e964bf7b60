from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0005_reprise")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="partir_le",
            field=models.DateTimeField(editable=False, null=True, verbose_name="devait partir le"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("partir_le__isnull", False)),
                fields=["partir_le"],
                include=("fini_le", "canal", "etat", "essayer_le"),
                name="message_remise",
            ),
        ),
    ]
