from django import forms

from maisons import heures
from maisons.contact import desk_contact
from permanences.models import RendezVous


class PriseForm(forms.ModelForm):
    """Two fields are typed: how the person is called, and how they are reached."""

    contact = desk_contact()
    moment = forms.ChoiceField(
        label="Quand",
        error_messages={
            "required": "Choisissez un moment.",
            "invalid_choice": "Ce moment n’est plus libre : choisissez-en un autre.",
        },
    )
    jeton = forms.UUIDField(widget=forms.HiddenInput)

    class Meta:
        model = RendezVous
        fields = ["nom", "motif"]
        labels = {"nom": "Prénom ou nom", "motif": "Pourquoi"}
        widgets = {"nom": forms.TextInput(attrs={"autocomplete": "off"})}
        error_messages = {
            "nom": {"required": "Écrivez le prénom ou le nom de la personne."},
            "motif": {
                "required": "Choisissez pourquoi elle vient.",
                "invalid_choice": "Choisissez dans la liste.",
            },
        }

    field_order = ["nom", "contact", "moment", "motif"]

    def __init__(self, *args, permanence, slots, **kwargs):
        super().__init__(*args, **kwargs)
        self.slots = {self.value_of(slot): slot for slot in slots}
        told = [(value, heures.moment(slot.debut)) for value, slot in self.slots.items()]
        self.fields["moment"].choices = [("", "Choisir dans la liste"), *told]
        self.fields["nom"].required = True
        motifs = self.fields["motif"]
        motifs.queryset = permanence.service.motifs.all()
        motifs.empty_label = "Choisir dans la liste"
        motifs.required = bool(motifs.queryset)
        if not motifs.required:
            del self.fields["motif"]

    @staticmethod
    def value_of(slot):
        return f"{slot.vacation.pk} {slot.debut.timestamp():.0f}"

    def clean(self):
        cleaned = super().clean()
        for name, value in cleaned.get("contact", {}).items():
            setattr(self.instance, name, value)
        if slot := self.slots.get(cleaned.get("moment")):
            self.instance.vacation = slot.vacation
            self.instance.debut, self.instance.fin = slot.debut, slot.fin
        if cleaned.get("jeton"):
            self.instance.jeton = cleaned["jeton"]
        return cleaned

    def _post_clean(self):
        """The row is checked under the lock of its date (rendez_vous.take)."""
        self.instance.nom = self.cleaned_data.get("nom", "")
        self.instance.motif = self.cleaned_data.get("motif")


def answers_of(data):
    """What was typed, to be shown again; PostgreSQL knows no NUL."""
    names = [*PriseForm.base_fields]
    return {name: data[name].replace("\0", "") for name in names if data.get(name)}
