from django import forms


class AccesForm(forms.Form):
    """A code that opens something without an account, pasted in any way (parcours B14)."""

    code = forms.CharField(
        label="Votre code",
        # Hyphens that end no line.
        help_text="Douze signes, par exemple K7M3\u2011TPXQ\u20119WQF. Les espaces, les tirets, "
        "les minuscules ne gênent pas ; vous pouvez coller tout le message.",
        error_messages={"required": "Écrivez votre code."},
        # No length: the browser would cut what is pasted.
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
