import re

from allauth.account import forms as account
from allauth.account.internal.flows.password_reset_by_code import PasswordResetVerificationProcess
from allauth.core import context
from django import forms
from django.contrib.auth.hashers import make_password

from comptes import limites
from comptes.forms.questions import PlainWords
from comptes.models import Compte

CODE = re.compile(r"\d{3}\D?\d{3}\D?\d{3}")


# Beside which field of the sign-in form an error is told.
SIGN_IN = {"email_password_mismatch": "password", "trop": "password"}


class CodeForm(PlainWords):
    """A code sent to the address that `sent_to()` gives."""

    def clean_code(self):
        """Found in whatever was pasted, a whole sentence too (parcours B14)."""
        found = CODE.search(self.cleaned_data["code"])
        self.cleaned_data["code"] = re.sub(r"\D", "", found[0]) if found else ""
        with limites.guess(context.request, "code_recu", self.sent_to()):
            return super().clean_code()


class AskingForm(PlainWords):
    """An address to which something is sent, whether somebody has an account there or not."""

    def clean_email(self):
        email = super().clean_email()
        limites.count(context.request, "envoi_de_code", email)
        return email


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
            if self.by_code and not self.errors:
                limites.count(self.request, "envoi_de_code", self.cleaned_data["login"])
            return super().clean()
        except forms.ValidationError as error:
            self.add_error("login" if self.by_code else SIGN_IN.get(error.code), error)
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

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            try:
                limites.count(context.request, "envoi_de_code", cleaned["email"])
            except limites.TooMany as error:
                self.add_error("email", error)
        return cleaned

    def try_save(self, request):
        """Of a known address the password is hashed too, for nothing: it takes as long."""
        if self.account_already_exists and self.cleaned_data["password1"]:
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)

    def custom_signup(self, request, user):
        user.nom = self.cleaned_data["nom"]
        user.save(update_fields=["nom"])


class AddEmailForm(AskingForm, account.AddEmailForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "Nouvelle adresse e-mail"


class ChangeEmailForm(AskingForm, account.ChangeEmailForm):
    pass


class ChangePasswordForm(PlainWords, account.ChangePasswordForm):
    password2 = None

    def clean_oldpassword(self):
        with limites.guess(context.request, "mot_de_passe", self.user.courriel):
            return super().clean_oldpassword()


class SetPasswordForm(PlainWords, account.SetPasswordForm):
    password2 = None


class ResetPasswordForm(AskingForm, account.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(PlainWords, account.ResetPasswordKeyForm):
    password2 = None


class ReauthenticateForm(PlainWords, account.ReauthenticateForm):
    pass


class RequestLoginCodeForm(AskingForm, account.RequestLoginCodeForm):
    pass


class ConfirmLoginCodeForm(CodeForm, account.ConfirmLoginCodeForm):
    def sent_to(self):
        return context.request._login_stage.login.email


class ConfirmEmailVerificationCodeForm(CodeForm, account.ConfirmEmailVerificationCodeForm):
    def sent_to(self):
        return self.email


class ConfirmPasswordResetCodeForm(CodeForm, account.ConfirmPasswordResetCodeForm):
    def sent_to(self):
        return PasswordResetVerificationProcess.resume(context.request).state["email"]


class NomForm(PlainWords, forms.ModelForm):
    class Meta:
        model = Compte
        fields = ["nom"]
