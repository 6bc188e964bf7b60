from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conseils", "0011_invitation")]
    operations = [
        migrations.AddField(
            model_name="conseiller",
            name="courriel",
            field=models.EmailField(
                blank=True,
                db_default="",
                help_text="Pour lui envoyer les convocations. Jamais montrée au public.",
                max_length=254,
                verbose_name="adresse e-mail",
            ),
        ),
    ]
