"""A car's telemetry settings, signed by our command key: a JWS of algorithm `Tesla.SS256` (vehicle-command §8).

SS256 is a Schnorr signature over P-256: V‖r, where V = v·G, c = SHA-256(G, V, A, message), each with its length
before it, and r = v - a·c. The nonce v comes from key and message (RFC 6979), so that a weak source of
chance cannot give the key away.
"""

import hashlib
import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from chargekey.adapters.tesla.signing.keys import mac

FOR_TESLAS_FLEET: Final = "com.tesla.fleet.TelemetryClient"
ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""How many points P-256 has (FIPS 186-4, D.1.2.3)."""
_HEADER: Final = {"alg": "Tesla.SS256", "typ": "JWT"}


def signed_settings(ours: ec.EllipticCurvePrivateKey, config: Mapping[str, object]) -> str:
    """The token that fleet_telemetry_config_jws takes. `iss` and `aud` are ours to set; what `config` says is lost."""
    issuer = b64encode(_point(ours)).decode()
    claims = {**config, "iss": issuer, "aud": FOR_TESLAS_FLEET}
    said = f"{_part(_json(_HEADER))}.{_part(_json(claims))}"
    return f"{said}.{_part(schnorr(ours, said.encode()))}"


def schnorr(ours: ec.EllipticCurvePrivateKey, message: bytes) -> bytes:
    """The 96 bytes x(V) ‖ y(V) ‖ r."""
    a = ours.private_numbers().private_value
    v = nonce(a, hashlib.sha256(message).digest())
    point_v = _point(ec.derive_private_key(v, ec.SECP256R1()))
    r = (v - a * challenge(point_v, _point(ours), message)) % ORDER
    return point_v[1:] + r.to_bytes(32, "big")


def challenge(point_v: bytes, point_a: bytes, message: bytes) -> int:
    """c, from the curve's generator, both uncompressed points and the message."""
    generator = _point(ec.derive_private_key(1, ec.SECP256R1()))
    parts = (generator, point_v, point_a, message)
    spoken = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return int.from_bytes(hashlib.sha256(spoken).digest(), "big")


def nonce(private: int, digest: bytes) -> int:
    """RFC 6979, §3.2, for P-256 and SHA-256: the first candidate between 1 and the order."""
    x = private.to_bytes(32, "big")
    h = (int.from_bytes(digest, "big") % ORDER).to_bytes(32, "big")
    key, value = b"\x00" * 32, b"\x01" * 32
    for mark in (b"\x00", b"\x01"):
        key = mac(key, value + mark + x + h)
        value = mac(key, value)
    while True:
        value = mac(key, value)
        candidate = int.from_bytes(value, "big")
        if 0 < candidate < ORDER:
            return candidate
        key = mac(key, value + b"\x00")
        value = mac(key, value)


def _point(private: ec.EllipticCurvePrivateKey) -> bytes:
    return private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _json(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def _part(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()
