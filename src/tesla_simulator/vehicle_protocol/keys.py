"""The keys two sides agree on: one shared secret, and the keys for each purpose drawn from it."""

import hashlib
import hmac
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_CURVE = ec.SECP256R1()
_SCALAR_BYTES = 32


@dataclass(frozen=True)
class SharedKeys:
    """What follows from one pair of keys. `session_key` is K of the contract and seals with AES-GCM."""

    session_key: bytes

    @property
    def command_key(self) -> bytes:
        """Signs commands that travel in plain text."""
        return hmac_sha256(self.session_key, b"authenticated command")

    @property
    def session_info_key(self) -> bytes:
        """Signs what the car tells about its session."""
        return hmac_sha256(self.session_key, b"session info")


def agree(own: ec.EllipticCurvePrivateKey, other_public: bytes) -> SharedKeys:
    """K = SHA1(x of the shared point, 32 bytes big-endian)[:16].

    Raises ValueError when `other_public` is no uncompressed point of P-256.
    """
    point = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, other_public)
    shared_x = own.exchange(ec.ECDH(), point)
    # The contract asks for SHA-1 here; no collision resistance is needed to derive a key.
    return SharedKeys(hashlib.sha1(shared_x, usedforsecurity=False).digest()[:16])


def hmac_sha256(key: bytes, message: bytes) -> bytes:
    """32 bytes."""
    return hmac.new(key, message, hashlib.sha256).digest()


def new_private_key() -> ec.EllipticCurvePrivateKey:
    """On P-256."""
    return ec.generate_private_key(_CURVE)


def private_key_from(scalar: bytes) -> ec.EllipticCurvePrivateKey:
    """Raises ValueError when the number, big-endian, is no scalar of P-256."""
    return ec.derive_private_key(int.from_bytes(scalar, "big"), _CURVE)


def scalar_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    """32 bytes big-endian: the secret itself."""
    return key.private_numbers().private_value.to_bytes(_SCALAR_BYTES, "big")


def public_bytes_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    """65 bytes: 04, x, y."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
