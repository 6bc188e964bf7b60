import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

SET_NULL, DO_NOTHING = django.db.models.deletion.SET_NULL, django.db.models.deletion.DO_NOTHING
RAPPORTEUR = {"blank": True, "help_text": "Nom et qualité.", "verbose_name": "qui présente"}


def link(to, **options):
    """One for the item; the one of its history binds nothing."""
    given = {
        "blank": True,
        "editable": False,
        "null": True,
        "related_name": "+",
        "to": to,
    } | options
    kept = given | {"db_constraint": False, "on_delete": DO_NOTHING}
    return models.ForeignKey(on_delete=SET_NULL, **given), models.ForeignKey(**kept)


class Migration(migrations.Migration):
    dependencies = [("conseils", "0005_piece_point_de_la_reunion"), ("quartiers", "0005_elu")]
    operations = [
        *[
            migrations.AlterField(
                model, "rapporteur", models.CharField(max_length=220, **RAPPORTEUR)
            )
            for model in ("point", "historicalpoint")
        ],
        *[
            migrations.AddField(model, name, field)
            for name, fields in {
                "membre": link("conseils.conseiller"),
                "elu": link("quartiers.elu", verbose_name="élu"),
            }.items()
            for model, field in zip(("point", "historicalpoint"), fields, strict=True)
        ],
        migrations.AddConstraint(
            "point",
            models.CheckConstraint(
                condition=Q(membre=None) | Q(elu=None), name="point_un_rapporteur"
            ),
        ),
    ]
