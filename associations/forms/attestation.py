from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from associations.models import Attestation
from comptes.gestion import DayField
from documents.formats import SHOWN
from documents.forms import AGAIN, ReceptionField


class AttestationForm(forms.ModelForm):
    """A certificate of insurance, and the day that it says."""

    fichier = ReceptionField(label="Attestation", help_text="PDF, ou photo bien lisible.")
    jusqu_au = DayField(
        label="Assurance jusqu’au", help_text="Le dernier jour écrit sur l’attestation."
    )

    class Meta:
        model = Attestation
        fields = ["jusqu_au"]

    field_order = ["fichier", "jusqu_au"]

    def clean_fichier(self):
        received = self.cleaned_data["fichier"]
        if received.format not in SHOWN:
            raise ValidationError("Envoyez un PDF ou une image.")
        self.instance.describe(received)
        return received

    def clean_jusqu_au(self):
        until = self.cleaned_data["jusqu_au"]
        if until < timezone.localdate():
            raise ValidationError("Cette assurance est déjà finie : envoyez la nouvelle.")
        return until

    def _post_clean(self):
        super()._post_clean()
        if self.errors and self.cleaned_data.get("fichier"):
            self.add_error("fichier", AGAIN)
