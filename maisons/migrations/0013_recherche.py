from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import migrations, models
from django.db.models import Q
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


def indexes(model, title, **options):
    return [
        migrations.AddIndex(
            model, GinIndex(fields=["recherche"], name=f"{model}_recherche", **options)
        ),
        migrations.AddIndex(
            model,
            GinIndex(
                OpClass(SansAccents(title), "gin_trgm_ops"), name=f"{model}_orthographe", **options
            ),
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [("maisons", "0012_creneau_modifie_le"), ("quartiers", "0004_recherche")]
    operations = [
        migrations.AddField(
            "maison", "recherche", words(nom="A", chapeau="B", adresse="C", presentation="D")
        ),
        migrations.AddField("salle", "recherche", words(nom="A", equipements="B")),
        migrations.AddField(
            "evenement",
            "recherche",
            words(titre="A", resume="B", organisateur="C", theme="C", description="D"),
        ),
        *indexes("maison", "nom"),
        *indexes("salle", "nom"),
        *indexes("evenement", "titre", condition=Q(publie_le__isnull=False)),
    ]
