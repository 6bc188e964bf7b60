"""Signing in: allauth's sentences in ours, our limits in place of its own, where one lands."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.shortcuts import resolve_url

from comptes import limites


class AccountAdapter(DefaultAccountAdapter):
    # Sentences that say what to do next; none of them tells whether an account exists.
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "Ce compte est fermé. Appelez-nous pour le rouvrir.",
        "duplicate_email": "Cette adresse est déjà celle de votre compte.",
        "email_password_mismatch": (
            "L’adresse ou le mot de passe n’est pas le bon. "
            "Essayez encore, ou demandez un code par e-mail."
        ),
        "email_taken": "Cette adresse ne peut pas servir ici. Choisissez-en une autre.",
        "enter_current_password": "Ce n’est pas votre mot de passe actuel. Essayez encore.",
        "incorrect_code": "Ce code n’est pas le bon. Recopiez celui du dernier e-mail reçu.",
        "incorrect_password": "Ce n’est pas votre mot de passe. Essayez encore.",
        "same_as_current": "C’est déjà cette adresse. Écrivez la nouvelle.",
        "too_many_login_attempts": "Trop d’essais. Demandez un nouveau code par e-mail.",
    }

    def get_login_stages(self):
        ours = {"allauth.mfa.stages.AuthenticateStage": "comptes.protection.FactorStage"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def authenticate(self, request, **credentials):
        """Where a password is typed to sign in, or to confirm who one is."""
        contact = credentials.get("email", "")
        limites.count(request, "mot_de_passe", contact)
        person = super().authenticate(request, **credentials)
        if person:
            limites.take_back(request, "mot_de_passe", contact)
        return person

    def should_send_confirmation_mail(self, request, email_address, signup):
        """Of an address not confirmed yet, each right password sends a code; a sign-up counted."""
        if not signup:
            limites.count(request, "envoi_de_code", email_address.email)
        return True

    def get_password_change_redirect_url(self, request):
        return resolve_url(settings.LOGIN_REDIRECT_URL)
