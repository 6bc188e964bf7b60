from django.db import migrations, models

# The dates of a series of loans were written without their title.
ENTITLE = """
SET CONSTRAINTS ALL IMMEDIATE;
UPDATE maisons_creneau SET titre = 'Prêt de salle' WHERE titre = '' AND nature = 'pret';
"""


class Migration(migrations.Migration):
    dependencies = [("maisons", "0018_maison_coordonnees_ensemble")]
    operations = [
        migrations.RunSQL(ENTITLE, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "creneau",
            models.CheckConstraint(name="creneau_titre", condition=~models.Q(titre="")),
        ),
    ]
