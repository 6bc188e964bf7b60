from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import migrations, models
from django.db.models.functions import Left

from quartiers.models import SansAccents


def words(**weights):
    vectors = [
        SearchVector(Left(field, 20_000), weight=weight, config="french_unaccent")
        for field, weight in weights.items()
    ]
    return models.GeneratedField(
        expression=sum(vectors[1:], vectors[0]), output_field=SearchVectorField(), db_persist=True
    )


class Migration(migrations.Migration):
    dependencies = [("quartiers", "0003_sans_accents")]
    operations = [
        migrations.AddField("quartier", "recherche", words(nom="A", chapeau="B", presentation="D")),
        migrations.AddIndex("quartier", GinIndex(fields=["recherche"], name="quartier_recherche")),
        migrations.AddIndex(
            "quartier",
            GinIndex(OpClass(SansAccents("nom"), "gin_trgm_ops"), name="quartier_orthographe"),
        ),
    ]
