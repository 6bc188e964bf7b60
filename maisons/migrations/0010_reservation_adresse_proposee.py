from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("maisons", "0009_reservation_sans_compte")]

    operations = [
        migrations.AddField(
            model_name="reservation",
            name="courriel_propose",
            field=models.EmailField(
                blank=True, db_default="", default="", editable=False, max_length=254
            ),
        ),
    ]
