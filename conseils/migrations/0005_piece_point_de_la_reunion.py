from django.db import migrations

# A document of an item is of the meeting of that item: a key over both columns says it.
UNIQUE = "ALTER TABLE conseils_point ADD CONSTRAINT point_de_sa_reunion UNIQUE (id, reunion_id)"
KEY = (
    "ALTER TABLE conseils_piece ADD CONSTRAINT piece_point_de_la_reunion"
    " FOREIGN KEY (point_id, reunion_id) REFERENCES conseils_point (id, reunion_id)"
)


class Migration(migrations.Migration):
    dependencies = [("conseils", "0004_piece")]
    operations = [
        migrations.RunSQL(UNIQUE, "ALTER TABLE conseils_point DROP CONSTRAINT point_de_sa_reunion"),
        migrations.RunSQL(
            KEY, "ALTER TABLE conseils_piece DROP CONSTRAINT piece_point_de_la_reunion"
        ),
    ]
