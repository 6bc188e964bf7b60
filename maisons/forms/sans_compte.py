from django import forms

from comptes.forms import PiegeField
from comptes.forms.questions import QUESTIONS
from maisons.forms.reservation import ReservationForm
from notifications.adresses import likely

ADDRESS = QUESTIONS["email"]
ADDRESS_ERRORS = {name: ADDRESS[name] for name in ("required", "invalid")}
PHONE = "Ce numéro n’est pas complet. Il s’écrit comme 06 12 34 56 78."


class SansCompteForm(ReservationForm):
    """Without an account, for a span already chosen: five questions, three typed (B7, B15)."""

    site_web = PiegeField()

    class Meta(ReservationForm.Meta):
        fields = ["nom", "courriel", "telephone", "usage", "personnes"]
        labels = ReservationForm.Meta.labels | {
            "nom": QUESTIONS["nom"]["label"],
            "courriel": ADDRESS["label"],
            "telephone": "Téléphone",
        }
        help_texts = ReservationForm.Meta.help_texts | {
            "nom": QUESTIONS["nom"]["help_text"],
            "courriel": "Pour confirmer et pour la réponse. Pas d’e-mail ? Passez au téléphone.",
            "telephone": "Sans adresse e-mail, l’accueil vous appelle.",
        }
        widgets = ReservationForm.Meta.widgets | {
            "nom": forms.TextInput(attrs={"autocomplete": "name"}),
            "courriel": forms.EmailInput(attrs={"autocomplete": "email"}),
            "telephone": forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        }
        error_messages = ReservationForm.Meta.error_messages | {
            "nom": {"required": QUESTIONS["nom"]["required"]},
            "courriel": ADDRESS_ERRORS
            | {"required": "Donnez une adresse e-mail, ou un numéro de téléphone."},
            "telephone": {"invalid": PHONE},
        }

    field_order = ["nom", "courriel", "telephone", "usage", "personnes"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("jour", "de", "a"):
            self.fields[name].widget = forms.HiddenInput()
        self.fields["nom"].required = True
        self.fields["courriel"].required = not self.data.get("telephone")

    def clean_courriel(self):
        return self.cleaned_data["courriel"].lower()

    @property
    def suggestion(self):
        """The address that was probably meant, or nothing: it blocks nobody (parcours B11)."""
        return likely(self.cleaned_data.get("courriel", ""))
