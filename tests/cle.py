"""A passkey made of software, as a browser would hand it over (WebAuthn level 2)."""

import json
import secrets
from dataclasses import dataclass, field
from hashlib import sha256

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
)

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
HERE = "testserver"


@dataclass
class SoftKey:
    """One key of one site; `verified`: whether a finger, a face or a code opened it."""

    host: str = HERE
    verified: bool = True
    identity: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    def __post_init__(self):
        self.private = ec.generate_private_key(ec.SECP256R1())

    def state(self, flags=0, **more):
        flags |= PRESENT | (VERIFIED if self.verified else 0)
        return AuthenticatorData.create(sha256(self.host.encode()).digest(), flags, 1, **more)

    def says(self, kind, challenge):
        told = {"type": f"webauthn.{kind}", "challenge": challenge}
        client = json.dumps(told | {"origin": f"https://{self.host}"}).encode()
        return client, lambda **response: {
            "id": websafe_encode(self.identity),
            "rawId": websafe_encode(self.identity),
            "type": "public-key",
            "clientExtensionResults": {"credProps": {"rk": True}},
            "response": {k: websafe_encode(v) for k, v in response.items()},
        }

    def registration(self, challenge):
        public = ES256.from_cryptography_key(self.private.public_key())
        mine = AttestedCredentialData.create(Aaguid(bytes(16)), self.identity, public)
        attested = AttestationObject.create("none", self.state(ATTESTED, credential_data=mine), {})
        client, answer = self.says("create", challenge)
        return answer(clientDataJSON=client, attestationObject=bytes(attested))

    def assertion(self, challenge, compte):
        client, answer = self.says("get", challenge)
        state = bytes(self.state())
        signed = self.private.sign(state + sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return answer(
            clientDataJSON=client,
            authenticatorData=state,
            signature=signed,
            userHandle=user_pk_to_url_str(compte).encode(),
        )


def give_key(compte, **fields):
    """A key that is already somebody's."""
    key = SoftKey(**fields)
    data = {"name": "Mon téléphone", "credential": key.registration("bm9uZQ")}
    Authenticator.objects.create(user=compte, type=Authenticator.Type.WEBAUTHN, data=data)
    return key
