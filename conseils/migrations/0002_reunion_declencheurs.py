from django.db import migrations

from maisons.contrat import child_triggers


class Migration(migrations.Migration):
    dependencies = [("conseils", "0001_conseils_et_reunions")]
    operations = [child_triggers("reunion", "conseils_reunion")]
