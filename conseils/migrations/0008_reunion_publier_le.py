from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conseils", "0007_approbation")]
    operations = [
        migrations.AddField(
            model,
            "publier_le",
            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="publier le"),
        )
        for model in ("reunion", "historicalreunion")
    ]
