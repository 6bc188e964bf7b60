from django import forms

from maisons.forms.moment import MomentForm
from maisons.models import Reservation


class ReservationForm(MomentForm, forms.ModelForm):
    """When, why, how many: five questions, two of them typed at most."""

    jeton = forms.UUIDField(widget=forms.HiddenInput)

    class Meta:
        model = Reservation
        fields = ["usage", "personnes"]
        labels = {"usage": "Pourquoi venez-vous ?", "personnes": "Combien de personnes ?"}
        help_texts = {"personnes": "En comptant les enfants."}
        widgets = {"personnes": forms.TextInput(attrs={"inputmode": "numeric", "class": "court"})}
        error_messages = {
            "usage": {"required": "Choisissez pourquoi vous venez."},
            "personnes": {
                "required": "Dites combien de personnes viennent.",
                "invalid": "Écrivez un nombre, par exemple 12.",
                "min_value": "Il faut au moins une personne.",
            },
        }

    field_order = ["jour", "de", "a", "usage", "personnes"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["personnes"].required = True
        self.fields["personnes"].min_value = 1
        self.fields["usage"].choices = [("", "Choisir dans la liste"), *Reservation.Usage.choices]

    def clean_personnes(self):
        number = self.cleaned_data["personnes"]
        if number < 1:
            raise forms.ValidationError("Il faut au moins une personne.")
        return number

    def clean(self):
        cleaned = super().clean()
        for name in ("debut", "fin", "jeton"):
            if cleaned.get(name):
                setattr(self.instance, name, cleaned[name])
        return cleaned
