"""Whether a `Tesla.SS256` signature is right: Schnorr over P-256, V == c·A + r·G, on points added the plain way.

The signature is x(V) ‖ y(V) ‖ r, 32 bytes each; c is SHA-256 over generator, V, A and message, each after its length
in four bytes (vehicle-command, 8).
"""

import hashlib
from typing import Final

_P: Final = 2**256 - 2**224 + 2**192 + 2**96 - 1
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_B: Final = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
_G: Final = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
_SIGNATURE_BYTES: Final = 96
_POINT_BYTES: Final = 65
Point = tuple[int, int] | None


def is_signed_by(public: bytes, message: bytes, signature: bytes) -> bool:
    """`public` is an uncompressed point. False for whatever is no point, no signature, or another's."""
    if len(signature) != _SIGNATURE_BYTES or len(public) != _POINT_BYTES or public[0] != 4:
        return False
    key, point_v = _point(public[1:]), _point(signature[:64])
    r = int.from_bytes(signature[64:], "big")
    if key is None or point_v is None or not 0 < r < _ORDER:
        return False
    c = _challenge(b"\x04" + signature[:64], public, message)
    return _sum(_product(c, key), _product(r, _G)) == point_v


def _challenge(point_v: bytes, public: bytes, message: bytes) -> int:
    generator = b"\x04" + _G[0].to_bytes(32, "big") + _G[1].to_bytes(32, "big")
    spoken = b"".join(len(part).to_bytes(4, "big") + part for part in (generator, point_v, public, message))
    return int.from_bytes(hashlib.sha256(spoken).digest(), "big") % _ORDER


def _point(coordinates: bytes) -> Point:
    """None when it does not lie on the curve."""
    x, y = int.from_bytes(coordinates[:32], "big"), int.from_bytes(coordinates[32:], "big")
    on_curve = x < _P and y < _P and (y * y - (x * x * x - 3 * x + _B)) % _P == 0
    return (x, y) if on_curve else None


def _sum(left: Point, right: Point) -> Point:
    """None is the point at infinity."""
    if left is None or right is None:
        return left or right
    (x1, y1), (x2, y2) = left, right
    if x1 == x2 and (y1 + y2) % _P == 0:
        return None
    slope = (3 * x1 * x1 - 3) * pow(2 * y1, -1, _P) if left == right else (y2 - y1) * pow(x2 - x1, -1, _P)
    x3 = (slope * slope - x1 - x2) % _P
    return x3, (slope * (x1 - x3) - y1) % _P


def _product(scalar: int, point: Point) -> Point:
    total: Point = None
    while scalar:
        if scalar & 1:
            total = _sum(total, point)
        point, scalar = _sum(point, point), scalar >> 1
    return total
