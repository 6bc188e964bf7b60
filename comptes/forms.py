from django import forms


class SignupForm(forms.Form):
    """What we ask beside the e-mail address and the password (allauth adds those)."""

    nom = forms.CharField(
        label="Votre nom",
        max_length=100,
        help_text="Comme vous aimez qu’on vous appelle. L’accueil le voit, le public jamais.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    field_order = ["nom", "email", "password1"]

    def signup(self, request, user):
        user.nom = self.cleaned_data["nom"]
        user.save(update_fields=["nom"])
