"""Signing in: allauth's sentences in ours, and where one lands."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.shortcuts import resolve_url


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
        "rate_limited": "Un code vient de partir. Attendez une minute pour en avoir un autre.",
        "same_as_current": "C’est déjà cette adresse. Écrivez la nouvelle.",
        "too_many_login_attempts": (
            "Trop d’essais. Attendez cinq minutes, ou demandez un code par e-mail."
        ),
    }

    def get_login_stages(self):
        ours = {"allauth.mfa.stages.AuthenticateStage": "comptes.protection.FactorStage"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def get_password_change_redirect_url(self, request):
        return resolve_url(settings.LOGIN_REDIRECT_URL)
