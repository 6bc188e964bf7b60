import re

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import quartiers.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("quartiers", "0005_elu"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalAssociation",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                ("nom", models.CharField(max_length=150)),
                ("slug", models.SlugField(max_length=160, verbose_name="adresse de la page")),
                ("sigle", models.CharField(blank=True, max_length=40)),
                (
                    "objet",
                    models.CharField(blank=True, max_length=200, verbose_name="en une phrase"),
                ),
                ("presentation", models.TextField(blank=True, verbose_name="présentation")),
                (
                    "themes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("culture", "Culture et spectacles"),
                                ("sport", "Sport et bien-être"),
                                ("enfance", "Enfance et famille"),
                                ("droits", "Droits et démarches"),
                                ("sante", "Santé"),
                                ("numerique", "Numérique"),
                                ("nature", "Nature et jardin"),
                                ("solidarite", "Entraide et rencontres"),
                                ("citoyennete", "Vie du quartier"),
                            ],
                            max_length=20,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="thèmes",
                    ),
                ),
                ("adresse", models.CharField(blank=True, max_length=200)),
                (
                    "telephone",
                    models.CharField(blank=True, max_length=20, verbose_name="téléphone"),
                ),
                (
                    "courriel",
                    models.EmailField(blank=True, max_length=254, verbose_name="adresse e-mail"),
                ),
                ("site", models.URLField(blank=True, verbose_name="site")),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("latitude", models.FloatField(blank=True, null=True)),
                (
                    "rna",
                    models.CharField(
                        blank=True,
                        max_length=10,
                        validators=[
                            django.core.validators.RegexValidator(
                                re.compile("^W[0-9]{9}\\Z"),
                                "Un numéro RNA est un W et neuf chiffres.",
                            )
                        ],
                        verbose_name="numéro RNA",
                    ),
                ),
                (
                    "siret",
                    models.CharField(
                        blank=True,
                        max_length=14,
                        validators=[
                            django.core.validators.RegexValidator(
                                re.compile("^[0-9]{14}\\Z"), "Un SIRET a quatorze chiffres."
                            )
                        ],
                        verbose_name="SIRET",
                    ),
                ),
                (
                    "benevoles",
                    models.CharField(
                        blank=True,
                        help_text="Pour quoi faire, en une phrase. Vide : n’en cherche pas.",
                        max_length=200,
                        verbose_name="cherche des bénévoles",
                    ),
                ),
                (
                    "visible",
                    models.BooleanField(
                        default=True,
                        help_text="Décochez si elle a cessé.",
                        verbose_name="dans l’annuaire",
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        blank=True,
                        db_index=True,
                        editable=False,
                        max_length=100,
                        null=True,
                        verbose_name="référence d’origine",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "quartier",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="quartiers.quartier",
                    ),
                ),
                (
                    "sous_quartier",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="quartiers.sousquartier",
                        verbose_name="sous-quartier",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical association",
                "verbose_name_plural": "historical associations",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Association",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("nom", models.CharField(max_length=150)),
                (
                    "slug",
                    models.SlugField(
                        max_length=160, unique=True, verbose_name="adresse de la page"
                    ),
                ),
                ("sigle", models.CharField(blank=True, max_length=40)),
                (
                    "objet",
                    models.CharField(blank=True, max_length=200, verbose_name="en une phrase"),
                ),
                ("presentation", models.TextField(blank=True, verbose_name="présentation")),
                (
                    "themes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("culture", "Culture et spectacles"),
                                ("sport", "Sport et bien-être"),
                                ("enfance", "Enfance et famille"),
                                ("droits", "Droits et démarches"),
                                ("sante", "Santé"),
                                ("numerique", "Numérique"),
                                ("nature", "Nature et jardin"),
                                ("solidarite", "Entraide et rencontres"),
                                ("citoyennete", "Vie du quartier"),
                            ],
                            max_length=20,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="thèmes",
                    ),
                ),
                ("adresse", models.CharField(blank=True, max_length=200)),
                (
                    "telephone",
                    models.CharField(blank=True, max_length=20, verbose_name="téléphone"),
                ),
                (
                    "courriel",
                    models.EmailField(blank=True, max_length=254, verbose_name="adresse e-mail"),
                ),
                ("site", models.URLField(blank=True, verbose_name="site")),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("latitude", models.FloatField(blank=True, null=True)),
                (
                    "rna",
                    models.CharField(
                        blank=True,
                        max_length=10,
                        validators=[
                            django.core.validators.RegexValidator(
                                re.compile("^W[0-9]{9}\\Z"),
                                "Un numéro RNA est un W et neuf chiffres.",
                            )
                        ],
                        verbose_name="numéro RNA",
                    ),
                ),
                (
                    "siret",
                    models.CharField(
                        blank=True,
                        max_length=14,
                        validators=[
                            django.core.validators.RegexValidator(
                                re.compile("^[0-9]{14}\\Z"), "Un SIRET a quatorze chiffres."
                            )
                        ],
                        verbose_name="SIRET",
                    ),
                ),
                (
                    "benevoles",
                    models.CharField(
                        blank=True,
                        help_text="Pour quoi faire, en une phrase. Vide : n’en cherche pas.",
                        max_length=200,
                        verbose_name="cherche des bénévoles",
                    ),
                ),
                (
                    "visible",
                    models.BooleanField(
                        default=True,
                        help_text="Décochez si elle a cessé.",
                        verbose_name="dans l’annuaire",
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        blank=True,
                        editable=False,
                        max_length=100,
                        null=True,
                        unique=True,
                        verbose_name="référence d’origine",
                    ),
                ),
                (
                    "recherche",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.contrib.postgres.search.CombinedSearchVector(
                            django.contrib.postgres.search.CombinedSearchVector(
                                django.contrib.postgres.search.CombinedSearchVector(
                                    django.contrib.postgres.search.CombinedSearchVector(
                                        django.contrib.postgres.search.SearchVector(
                                            django.db.models.functions.text.Left("nom", 20000),
                                            config="french_unaccent",
                                            weight="A",
                                        ),
                                        "||",
                                        django.contrib.postgres.search.SearchVector(
                                            django.db.models.functions.text.Left("sigle", 20000),
                                            config="french_unaccent",
                                            weight="A",
                                        ),
                                        django.contrib.postgres.search.SearchConfig(
                                            "french_unaccent"
                                        ),
                                    ),
                                    "||",
                                    django.contrib.postgres.search.SearchVector(
                                        django.db.models.functions.text.Left("objet", 20000),
                                        config="french_unaccent",
                                        weight="B",
                                    ),
                                    django.contrib.postgres.search.SearchConfig("french_unaccent"),
                                ),
                                "||",
                                django.contrib.postgres.search.SearchVector(
                                    django.db.models.functions.text.Left("benevoles", 20000),
                                    config="french_unaccent",
                                    weight="C",
                                ),
                                django.contrib.postgres.search.SearchConfig("french_unaccent"),
                            ),
                            "||",
                            django.contrib.postgres.search.SearchVector(
                                django.db.models.functions.text.Left("presentation", 20000),
                                config="french_unaccent",
                                weight="D",
                            ),
                            django.contrib.postgres.search.SearchConfig("french_unaccent"),
                        ),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                ),
                (
                    "quartier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="associations",
                        to="quartiers.quartier",
                    ),
                ),
                (
                    "sous_quartier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="quartiers.sousquartier",
                        verbose_name="sous-quartier",
                    ),
                ),
            ],
            options={
                "verbose_name": "association",
                "indexes": [
                    models.Index(
                        quartiers.models.SansAccents("nom"),
                        models.F("id"),
                        condition=models.Q(("visible", True)),
                        name="association_annuaire",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["themes"], name="association_themes"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["recherche"], name="association_recherche"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            quartiers.models.SansAccents("nom"), name="gin_trgm_ops"
                        ),
                        name="association_orthographe",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("rna", ""), _negated=True),
                        fields=("rna",),
                        name="association_rna_unique",
                        violation_error_message="Une association a déjà ce numéro RNA.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("rna", ""), ("rna__regex", "^W[0-9]{9}$"), _connector="OR"
                        ),
                        name="association_rna",
                        violation_error_message="Un numéro RNA est un W et neuf chiffres.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("siret", ""), ("siret__regex", "^[0-9]{14}$"), _connector="OR"
                        ),
                        name="association_siret",
                        violation_error_message="Un SIRET a quatorze chiffres.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude", None), ("longitude", None)),
                            models.Q(
                                ("latitude__isnull", False),
                                ("latitude__range", (-90, 90)),
                                ("longitude__isnull", False),
                                ("longitude__range", (-180, 180)),
                            ),
                            _connector="OR",
                        ),
                        name="association_coordonnees",
                        violation_error_message="Longitude et latitude vont ensemble, en degrés.",
                    ),
                ],
            },
        ),
    ]
