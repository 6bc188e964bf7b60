from django import forms

from comptes.forms import PiegeField
from portail.models import Remarque
from quartiers.models import Quartier


class RemarqueForm(forms.ModelForm):
    """Two questions, the second one free (parcours X8)."""

    piege = PiegeField()

    class Meta:
        model = Remarque
        fields = ["avis", "texte"]
        labels = {
            "avis": "Cette page vous a-t-elle aidé ?",
            "texte": "Qu’est-ce qui vous a manqué ?",
        }
        help_texts = {
            "texte": "N’écrivez ni nom, ni adresse, ni code : personne ne vous répond ici."
        }
        widgets = {"avis": forms.RadioSelect, "texte": forms.Textarea(attrs={"rows": 4})}
        error_messages = {
            "avis": {"required": "Choisissez oui ou non."},
            "texte": {"max_length": "Écrivez 1 000 signes au plus : il y en a %(show_value)d."},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["avis"].choices = Remarque.Avis.choices


class MonQuartierForm(forms.Form):
    quartier = forms.ModelChoiceField(
        Quartier.objects.only("slug", "nom"),
        label="Mon quartier",
        to_field_name="slug",
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez un quartier.",
            "invalid_choice": "Choisissez un quartier de la liste.",
        },
    )
