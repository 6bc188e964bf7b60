"""Answers of somebody without an account: where to write, and what came there."""

import re

from django import forms

from comptes.forms.questions import QUESTIONS

SIX_DIGITS = re.compile(r"(?<!\d)(?:\d[\s.-]?){5}\d(?!\d)")


class CourrielForm(forms.Form):
    """Correct an address, or have the message sent there again."""

    courriel = forms.EmailField(
        label=QUESTIONS["email"]["label"],
        error_messages={name: QUESTIONS["email"][name] for name in ("required", "invalid")},
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


class LettresForm(forms.Form):
    """Whoever has only a code says who they are, lightly (parcours R9)."""

    lettres = forms.CharField(
        label="Les trois premières lettres de votre nom",
        max_length=100,
        help_text="Ou de votre prénom, comme vous l’avez écrit.",
        error_messages={"required": "Écrivez les trois premières lettres de votre nom."},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "class": "court"}
        ),
    )
