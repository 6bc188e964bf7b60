"""Signing people in: staff with a second factor that they have shown, as the portal asks."""

import base64
import hmac
import struct
import time

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.http import HttpRequest
from django.test import Client

from comptes.models import Compte

SECRET = base64.b32encode(b"vingt octets secrets").decode()


class SigningClient(Client):
    """`force_login` as ever; whoever has a mandate has shown an application of codes too."""

    def force_login(self, user, backend=None):
        super().force_login(user, backend)
        if Compte.objects.get(pk=user.pk).is_staff:
            show_factor(self, user)


def sign_in(client, compte):
    """In any client, a second factor shown."""
    Client.force_login(client, compte)
    show_factor(client, compte)


def show_factor(client, compte):
    """As the session is once the code was the right one."""
    give_factor(compte)
    request = HttpRequest()
    request.session = client.session
    note_factor(request, compte)
    request.session.save()


def note_factor(request, compte):
    """As allauth notes it in the session of a request."""
    if factor := Authenticator.objects.filter(user=compte).first():
        record_authentication(request, compte, "mfa", id=factor.pk, type=factor.type)


def give_factor(compte):
    """An application of codes, whose secret is SECRET."""
    found = Authenticator.objects.filter(user=compte, type=Authenticator.Type.TOTP)
    return found.first() or TOTP.activate(compte, SECRET).instance


def code_of_now(steps=0, secret=SECRET):
    """What the application shows (RFC 6238), now or so many half minutes from now."""
    counter = struct.pack(">Q", int(time.time()) // 30 + steps)
    digest = hmac.digest(base64.b32decode(secret), counter, "sha1")
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06}"
