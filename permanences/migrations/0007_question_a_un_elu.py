import uuid

import django.db.models.deletion
import django.utils.timezone
import phonenumber_field.modelfields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("permanences", "0006_permanence_adresse_libre"),
        ("quartiers", "0005_elu"),
    ]
    operations = [
        migrations.CreateModel(
            name="QuestionElu",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("graine", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "empreinte",
                    models.BinaryField(editable=False, max_length=32, null=True, unique=True),
                ),
                (
                    "nom",
                    models.CharField(blank=True, max_length=100, verbose_name="prénom ou nom"),
                ),
                (
                    "courriel",
                    models.EmailField(blank=True, max_length=254, verbose_name="adresse e-mail"),
                ),
                (
                    "telephone",
                    phonenumber_field.modelfields.PhoneNumberField(
                        blank=True, max_length=128, region=None, verbose_name="téléphone"
                    ),
                ),
                ("texte", models.CharField(max_length=1000, verbose_name="question")),
                ("jeton", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "cree_le",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        editable=False,
                        verbose_name="posée le",
                    ),
                ),
                (
                    "reponse",
                    models.CharField(blank=True, max_length=2000, verbose_name="réponse"),
                ),
                (
                    "repondu_le",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="répondu le"
                    ),
                ),
                ("efface_le", models.DateTimeField(editable=False, verbose_name="effacée le")),
                (
                    "compte",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "elu",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="quartiers.elu",
                        verbose_name="élu",
                    ),
                ),
                (
                    "repondu_par",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "vacation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="permanences.vacation",
                        verbose_name="vient à la permanence du",
                    ),
                ),
            ],
            options={
                "verbose_name": "question à un élu",
                "verbose_name_plural": "questions à un élu",
                "indexes": [models.Index(fields=["efface_le"], name="questionelu_a_effacer")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(compte__isnull=False)
                        | (~models.Q(nom="") & (~models.Q(courriel="") | ~models.Q(telephone=""))),
                        name="questionelu_de_quelqu_un",
                        violation_error_message="Dites votre nom, et comment vous joindre.",
                    ),
                    models.CheckConstraint(condition=~models.Q(texte=""), name="questionelu_texte"),
                    models.CheckConstraint(
                        condition=models.Q(reponse="") | models.Q(repondu_le__isnull=False),
                        name="questionelu_reponse",
                    ),
                ],
            },
        ),
    ]
