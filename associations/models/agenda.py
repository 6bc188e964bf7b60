from django.db import models

from comptes.models import AvecCode, Compte


class Agenda(AvecCode):
    """The secret address where somebody's calendar follows what they joined; renewed, it ends."""

    compte = models.OneToOneField(Compte, models.CASCADE, related_name="agenda")

    class Meta:
        verbose_name = "adresse d’agenda"
        verbose_name_plural = "adresses d’agenda"

    def __str__(self):
        return f"agenda {self.pk}"
