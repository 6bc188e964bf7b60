from django import forms


class PiegeField(forms.CharField):
    """
    A field that nobody sees, for the programs that fill in every field: `site = PiegeField()`.

    Filled in, it shows itself with a sentence, for the one whose browser did it.
    """

    def __init__(self):
        super().__init__(
            label="Laissez ce champ vide",
            required=False,
            widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
            template_name="comptes/_piege.html",
        )

    def validate(self, value):
        if value:
            raise forms.ValidationError(
                "Ce champ sert à reconnaître les robots. Videz-le, puis recommencez."
            )
