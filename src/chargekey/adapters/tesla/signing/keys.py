"""What our key and a car's key agree on (vehicle-command §3)."""

import hashlib
import hmac
from dataclasses import dataclass
from functools import cached_property

from cryptography.hazmat.primitives.asymmetric import ec


class CarKeyUnreadable(ValueError):
    """The car's public key is no point of P-256."""


@dataclass(frozen=True, repr=False)
class SharedKey:
    """K of the protocol, 16 bytes, and the keys made from it. It seals answers as AES-GCM key."""

    k: bytes

    @cached_property
    def for_session_info(self) -> bytes:
        return mac(self.k, b"session info")

    @cached_property
    def for_commands(self) -> bytes:
        return mac(self.k, b"authenticated command")


def agree(ours: ec.EllipticCurvePrivateKey, car_public_key: bytes) -> SharedKey:
    """K = SHA1(x of the shared point as 32 bytes, big-endian), its first 16 bytes. `CarKeyUnreadable`."""
    try:
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), car_public_key)
    except ValueError as wrong:
        raise CarKeyUnreadable("a car's key is no P-256 point") from wrong
    shared_x = ours.exchange(ec.ECDH(), theirs)
    # SHA-1 is what the protocol says; it derives a key here and is not relied on to resist collisions.
    return SharedKey(hashlib.sha1(shared_x, usedforsecurity=False).digest()[:16])


def mac(key: bytes, message: bytes) -> bytes:
    """HMAC-SHA256, 32 bytes."""
    return hmac.digest(key, message, "sha256")
