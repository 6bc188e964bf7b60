import re

from django import forms

from comptes.forms import PiegeField
from comptes.forms.questions import QUESTIONS
from maisons.forms.reservation import ReservationForm
from notifications.adresses import likely

SIX_DIGITS = re.compile(r"(?<!\d)(?:\d[\s.-]?){5}\d(?!\d)")
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


class CourrielForm(forms.Form):
    """Correct an address, or have the message sent there again."""

    courriel = forms.EmailField(
        label=ADDRESS["label"],
        error_messages=ADDRESS_ERRORS,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_courriel(self):
        return self.cleaned_data["courriel"].lower()


class ChiffresForm(forms.Form):
    """The six digits of a message, found in whatever was pasted (parcours B14)."""

    chiffres = forms.CharField(
        label="Code à six chiffres",
        help_text="Il est dans le message. Les espaces ne gênent pas.",
        error_messages={"required": "Écrivez les six chiffres du message."},
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "court"}
        ),
    )

    def clean_chiffres(self):
        found = SIX_DIGITS.search(self.cleaned_data["chiffres"])
        if not found:
            raise forms.ValidationError("Le code a six chiffres, par exemple 482 190.")
        return re.sub(r"\D", "", found[0])
