import struct
from textwrap import wrap

from allauth.core import context
from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn

from comptes import limites, protection
from comptes.forms.questions import QUESTIONS, PlainWords

NO_KEY = "Cette clé n’a pas été reconnue. Recommencez, ou choisissez un autre moyen."
LONGEST_NAME = 60
# What the library that reads keys raises for what no browser sends.
UNREADABLE = (AttributeError, LookupError, TypeError, ValueError, struct.error)


class FactorForm(PlainWords):
    questions = QUESTIONS | {
        "code": QUESTIONS["code"]
        | {
            "label": "Code de votre application",
            "help_text": "Six chiffres. Sans votre téléphone, écrivez un code de secours.",
            "required": "Écrivez le code de votre application.",
        }
    }

    def clean_code(self):
        """The digits alone, whatever stands between them; each code once."""
        self.cleaned_data["code"] = protection.digits(self.cleaned_data["code"])
        with limites.guess(context.request, "second_facteur", self.user.courriel):
            code = super().clean_code()
            protection.spend(self.authenticator, code)
        return code


class AuthenticateForm(FactorForm, base.AuthenticateForm):
    pass


class ReauthenticateFactorForm(FactorForm, base.ReauthenticateForm):
    pass


class ActivateTOTPForm(PlainWords, totp.ActivateTOTPForm):
    questions = {
        "code": FactorForm.questions["code"]
        | {"help_text": "Six chiffres, avec ou sans espace. Ils changent toutes les 30 secondes."}
    }

    @property
    def key_by_hand(self):
        return " ".join(wrap(self.secret, 4))

    def clean_code(self):
        self.cleaned_data["code"] = protection.digits(self.cleaned_data["code"])
        return super().clean_code()


class KeyForm(PlainWords):
    """What a browser says of a passkey; anything else is no key."""

    questions = {
        "name": {
            "label": "Nom de la clé",
            "help_text": "Pour la reconnaître : « mon téléphone », « clé bleue »…",
        },
        "credential": {"label": "Clé d’accès", "required": NO_KEY, "invalid": NO_KEY},
    }

    def full_clean(self):
        try:
            super().full_clean()
        except UNREADABLE:
            self.add_error("credential", NO_KEY)

    def add_error(self, field, error):
        wrong = getattr(error, "code", "") == "incorrect_code"  # in the words of a code
        super().add_error(field, NO_KEY if wrong else error)


class AddKeyForm(KeyForm, webauthn.AddWebAuthnForm):
    """A key that opens by itself: `passwordless` is not asked."""

    passwordless = None

    def clean_name(self):
        return super().clean_name()[:LONGEST_NAME]

    def clean(self):
        self.cleaned_data["passwordless"] = True
        return super().clean()


class AuthenticateKeyForm(KeyForm, webauthn.AuthenticateWebAuthnForm):
    pass


class ReauthenticateKeyForm(KeyForm, webauthn.ReauthenticateWebAuthnForm):
    pass


class LoginKeyForm(KeyForm, webauthn.LoginWebAuthnForm):
    pass
