from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conseils", "0017_rectificatif_declencheurs")]
    operations = [
        *[
            migrations.AddField(
                model,
                "explication",
                models.CharField("pourquoi", blank=True, editable=False, max_length=200),
            )
            for model in ("reunion", "historicalreunion")
        ],
        *[
            migrations.AddField(
                model,
                "reportee",
                models.BooleanField("reportée sans date", default=False, editable=False),
            )
            for model in ("reunion", "historicalreunion")
        ],
    ]
