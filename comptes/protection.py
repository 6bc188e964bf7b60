"""
The second factor: what shows it, in which session, and how its secrets are kept.

allauth keeps the factors (`allauth.mfa`) and notes in the session how somebody signed in.
"""

import re
import secrets
from base64 import b32encode, urlsafe_b64encode
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.mfa.stages import AuthenticateStage
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.db import transaction
from django.dispatch import receiver
from django.urls import reverse
from django.utils.crypto import salted_hmac

from comptes import appareils, qr

TOTP, KEY = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN
FACTORS = [TOTP, KEY]  # recovery codes stand in for one, and are none by themselves
SPENT = 8  # codes of an application remembered: more than are worth something at one time


def is_proven(request):
    """Whether this session has shown a second factor that its person still has."""
    records = get_authentication_records(request, request.user)
    shown = [record.get("id") for record in records if record["method"] == "mfa"]
    mine = Authenticator.objects.filter(user=request.user, pk__in=shown)
    return bool(shown) and mine.exists()


def way_to_prove(request):
    """Where somebody shows their second factor and comes back, or sets one up."""
    factors = Authenticator.objects.filter(user=request.user, type__in=FACTORS)
    mine = factors.values_list("type", flat=True)
    if not mine:
        return reverse("mfa_index")
    page = reverse("mfa_reauthenticate" if TOTP in mine else "mfa_reauthenticate_webauthn")
    # What was sent is not sent again: only what is read has an address to come back to.
    back = request.get_full_path() if request.method == "GET" else reverse("admin:index")
    return f"{page}?{urlencode({REDIRECT_FIELD_NAME: back})}"


@receiver(authenticator_added)
def prove(request, authenticator, **kwargs):
    """Whoever has just set up a factor has shown it."""
    if authenticator.type in FACTORS:
        known = {"id": authenticator.pk, "type": authenticator.type}
        record_authentication(request, authenticator.user, "mfa", **known)


def take_away(compte):
    """Every factor and every open session: the next time begins anew, and sets one up."""
    Authenticator.objects.filter(user=compte).delete()
    appareils.end_all(compte)


def spend(authenticator, code):
    """
    A code of an application opens once; raises ValidationError the second time.

    In the row: allauth remembers in the cache, and for less long than a late code is accepted.
    """
    if authenticator.type != TOTP:
        return
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
        spent = row.data.get("spent", [])
        if code in spent:
            raise get_adapter().validation_error("incorrect_code")
        row.data["spent"] = [*spent, code][-SPENT:]
        row.save(update_fields=["data"])


def cipher():
    """Made with the server's key: what is stored shows nobody's code."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (salted_hmac("comptes.protection", "", k, algorithm="sha256").digest() for k in keys)
    return MultiFernet([Fernet(urlsafe_b64encode(digest)) for digest in digests])


class FactorStage(AuthenticateStage):
    """Asks for the factor, and still knows afterwards where its person was going."""

    def handle(self):
        self.login.redirect_url = self.login.redirect_url or get_next_redirect_url(self.request)
        return super().handle()


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "Ce code n’est pas le bon. Attendez le suivant, puis recopiez-le.",
        "unverified_email": "Confirmez d’abord votre adresse e-mail.",
        "cannot_delete_authenticator": "Cette protection ne peut pas être retirée.",
        "cannot_generate_recovery_codes": "Ajoutez d’abord une application ou une clé.",
    }

    def get_totp_issuer(self):
        return "Maisons de quartier"

    def build_totp_svg(self, url):
        return qr.drawing(url, "Code à photographier")

    def generate_authenticator_name(self, user, type):
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return "Ma clé" if number == 1 else f"Ma clé {number}"

    def encrypt(self, text):
        return cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        try:
            return cipher().decrypt(encrypted_text).decode()
        except InvalidToken:  # the server's key changed: a secret that nobody knows
            return b32encode(secrets.token_bytes(20)).decode()


def digits(code):
    return re.sub(r"\D", "", code)
