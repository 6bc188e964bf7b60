import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import comptes.models


class Migration(migrations.Migration):
    dependencies = [
        ("conseils", "0010_reunion_echeance_figee"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="InvitationSecretariat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("graine", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("empreinte", models.BinaryField(max_length=32, null=True, unique=True)),
                (
                    "courriel",
                    models.EmailField(max_length=254, verbose_name="adresse e-mail de la personne"),
                ),
                (
                    "debut",
                    models.DateField(
                        default=django.utils.timezone.localdate, verbose_name="depuis le"
                    ),
                ),
                (
                    "fin",
                    models.DateField(
                        blank=True,
                        help_text="Dernier jour compris. Vide : sans fin prévue.",
                        null=True,
                        verbose_name="jusqu’au",
                    ),
                ),
                (
                    "cree_le",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="écrite le"
                    ),
                ),
                (
                    "expire_le",
                    models.DateTimeField(
                        default=comptes.models.in_a_week,
                        editable=False,
                        verbose_name="à accepter avant le",
                    ),
                ),
                (
                    "acceptee_le",
                    models.DateTimeField(editable=False, null=True, verbose_name="acceptée le"),
                ),
                (
                    "revoquee_le",
                    models.DateTimeField(editable=False, null=True, verbose_name="révoquée le"),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("secretaire", "secrétaire")],
                        default="secretaire",
                        editable=False,
                        max_length=20,
                        verbose_name="rôle",
                    ),
                ),
                (
                    "invite_par",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="invitée par",
                    ),
                ),
                (
                    "conseil",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="conseils.conseil",
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("acceptee_le", None), ("revoquee_le", None)),
                        fields=("courriel", "conseil"),
                        name="invitationsecretariat_une_en_attente",
                        violation_error_message="Une invitation attend déjà cette personne : renvoyez-la, ou révoquez-la.",
                    )
                ],
            },
        ),
    ]
