"""A phone's authenticator and its browser in software, by the text of WebAuthn alone: real keys, real signatures.

It does what a browser and an authenticator do for a page, and, where a test asks for it, what an attacker would.
"""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field, replace
from typing import Any, Final

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

USER_PRESENT, USER_VERIFIED, MAY_BE_SYNCED, IS_SYNCED, HAS_KEY = 0x01, 0x04, 0x08, 0x10, 0x40
AS_A_PHONE: Final = USER_PRESENT | USER_VERIFIED | MAY_BE_SYNCED | IS_SYNCED
NO_AAGUID: Final = bytes(16)


@dataclass(frozen=True)
class Behaves:
    """As the standard wants it; each field is a way not to. `None`: as the page asks."""

    rp_id: str | None = None
    challenge: str | None = None
    kind: str | None = None
    is_framed: bool = False
    flags: int = AS_A_PHONE
    credential_id: bytes | None = None
    user_handle: bytes | None = None
    attests_as: str = "none"


HONEST: Final = Behaves()


@dataclass
class Credential:
    """A passkey as it lies in the authenticator."""

    rp_id: str
    user_handle: bytes
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))


@dataclass
class Authenticator:
    """`counts`: like an old security key; synced passkeys always say nought. `origin`: where its browser is."""

    origin: str
    counts: bool = False
    count: int = 0
    kept: list[Credential] = field(default_factory=list)

    def copied(self) -> "Authenticator":
        """Somebody has read out all of it."""
        return replace(self, kept=list(self.kept))

    def makes(self, options: str, how: Behaves = Behaves()) -> dict[str, str]:
        """A passkey for whoever the page names: what its form sends."""
        asked = json.loads(options)
        assert asked["attestation"] == "none"
        assert asked["authenticatorSelection"]["userVerification"] == "required"
        made = Credential(how.rp_id or asked["rp"]["id"], unwritten(asked["user"]["id"]))
        made.id = how.credential_id or made.id
        self.kept.append(made)
        attested = NO_AAGUID + len(made.id).to_bytes(2, "big") + made.id + _cose(made.key)
        data = self._says(made.rp_id, how.flags | HAS_KEY) + attested
        attestation = cbor2.dumps({"fmt": how.attests_as, "attStmt": {}, "authData": data})
        told = self._client_data(asked, how, "webauthn.create")
        return {"client_data": written(told), "attestation": written(attestation), "transports": "internal,hybrid"}

    def signs(self, options: str, how: Behaves = Behaves()) -> dict[str, str]:
        """With the passkey that it has for the page: what its form sends."""
        asked = json.loads(options)
        assert asked["allowCredentials"] == []
        assert asked["userVerification"] == "required"
        used = self.kept[-1]
        self.count += self.counts
        data = self._says(how.rp_id or asked["rpId"], how.flags)
        told = self._client_data(asked, how, "webauthn.get")
        signature = used.key.sign(data + hashlib.sha256(told).digest(), ec.ECDSA(SHA256()))
        return {
            "credential": written(how.credential_id or used.id),
            "client_data": written(told),
            "authenticator_data": written(data),
            "signature": written(signature),
            "user_handle": written(used.user_handle if how.user_handle is None else how.user_handle),
        }

    def _says(self, rp_id: str, flags: int) -> bytes:
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client_data(self, asked: dict[str, Any], how: Behaves, kind: str) -> bytes:
        told = {"type": how.kind or kind, "challenge": how.challenge or asked["challenge"], "origin": self.origin}
        return json.dumps({**told, "crossOrigin": how.is_framed}).encode()


def written(raw: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unwritten(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _cose(key: ec.EllipticCurvePrivateKey) -> bytes:
    """RFC 9053, 7.1.1: EC2, ES256, P-256."""
    point = key.public_key().public_numbers()
    return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})
