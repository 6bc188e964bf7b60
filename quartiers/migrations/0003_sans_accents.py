from django.db import migrations

# unaccent() may change with its dictionary, so that no index takes it; ours does not change.
# A body that is parsed at once keeps the schemas of what it calls: a restored backup finds them.
CREATE = """
CREATE FUNCTION sans_accents(texte text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN lower(unaccent('unaccent'::regdictionary, texte));
"""


class Migration(migrations.Migration):
    # pg_trgm comes with the second of them.
    dependencies = [
        ("quartiers", "0002_ville_et_quartiers"),
        ("notifications", "0002_message_index_de_recherche"),
    ]
    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION sans_accents")]
