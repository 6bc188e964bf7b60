import re

from allauth.account import forms as account
from django import forms

from comptes.forms.questions import PlainWords
from comptes.models import Compte

CODE = re.compile(r"\d{3}\D?\d{3}\D?\d{3}")


class CodeForm(PlainWords):
    def clean_code(self):
        """Found in whatever was pasted, a whole sentence too (parcours B14)."""
        found = CODE.search(self.cleaned_data["code"])
        self.cleaned_data["code"] = re.sub(r"\D", "", found[0]) if found else ""
        return super().clean_code()


class LoginForm(PlainWords, account.LoginForm):
    """One address, two ways in: the password, or a code when the button `par=code` is pressed."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.by_code = self.data.get("par") == "code"
        self.fields["password"].required = not self.by_code
        self.fields["password"].error_messages["required"] = (
            "Écrivez votre mot de passe, ou demandez un code par e-mail."
        )

    def clean_password(self):
        # A password that the browser filled in does not count when a code was asked for.
        return "" if self.by_code else self.cleaned_data["password"]

    def clean(self):
        try:
            return super().clean()
        except forms.ValidationError as error:
            wrong = error.code == "email_password_mismatch"
            self.add_error("password" if wrong else None, error)
            return self.cleaned_data


class SignupForm(PlainWords, account.SignupForm):
    nom = forms.CharField(max_length=100)

    field_order = ["nom", "email", "password1"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        password = self.fields["password1"]
        password.label = "Mot de passe"
        if not password.required:
            password.help_text += " Sans mot de passe, un code par e-mail vous ouvre votre compte."

    def custom_signup(self, request, user):
        user.nom = self.cleaned_data["nom"]
        user.save(update_fields=["nom"])


class AddEmailForm(PlainWords, account.AddEmailForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "Nouvelle adresse e-mail"


class ChangeEmailForm(PlainWords, account.ChangeEmailForm):
    pass


class ChangePasswordForm(PlainWords, account.ChangePasswordForm):
    password2 = None


class SetPasswordForm(PlainWords, account.SetPasswordForm):
    password2 = None


class ResetPasswordForm(PlainWords, account.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(PlainWords, account.ResetPasswordKeyForm):
    password2 = None


class ReauthenticateForm(PlainWords, account.ReauthenticateForm):
    pass


class RequestLoginCodeForm(PlainWords, account.RequestLoginCodeForm):
    pass


class ConfirmLoginCodeForm(CodeForm, account.ConfirmLoginCodeForm):
    pass


class ConfirmEmailVerificationCodeForm(CodeForm, account.ConfirmEmailVerificationCodeForm):
    pass


class ConfirmPasswordResetCodeForm(CodeForm, account.ConfirmPasswordResetCodeForm):
    pass


class NomForm(PlainWords, forms.ModelForm):
    class Meta:
        model = Compte
        fields = ["nom"]
