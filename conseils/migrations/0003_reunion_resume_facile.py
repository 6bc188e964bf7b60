from django.db import migrations, models

import conseils.facile

FIELD = {
    "name": "resume_facile",
    "field": models.TextField(
        blank=True,
        help_text=conseils.facile.HELP,
        validators=[conseils.facile.few_lines],
        verbose_name="l’essentiel, facile à lire",
    ),
}


class Migration(migrations.Migration):
    dependencies = [("conseils", "0002_reunion_declencheurs")]
    operations = [
        migrations.AddField(model_name="reunion", **FIELD),
        migrations.AddField(model_name="historicalreunion", **FIELD),
    ]
