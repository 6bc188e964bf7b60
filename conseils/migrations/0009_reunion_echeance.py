from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conseils", "0008_reunion_publier_le")]
    operations = [
        migrations.AddField(
            model,
            "echeance",
            models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="à publier avant le"
            ),
        )
        for model in ("reunion", "historicalreunion")
    ]
