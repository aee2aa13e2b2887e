"""Points of P-256 added and multiplied the slow, plain way: enough to check a Schnorr signature in a test."""

from typing import Final

from chargekey.adapters.tesla.signing.telemetry_jws import challenge

P: Final = 2**256 - 2**224 + 2**192 + 2**96 - 1
G: Final = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
Point = tuple[int, int] | None


def add(left: Point, right: Point) -> Point:
    """None is the point at infinity."""
    if left is None or right is None:
        return left or right
    (x1, y1), (x2, y2) = left, right
    if x1 == x2 and (y1 + y2) % P == 0:
        return None
    slope = (3 * x1 * x1 - 3) * pow(2 * y1, -1, P) if left == right else (y2 - y1) * pow(x2 - x1, -1, P)
    x3 = (slope * slope - x1 - x2) % P
    return x3, (slope * (x1 - x3) - y1) % P


def times(scalar: int, point: Point) -> Point:
    total: Point = None
    while scalar:
        if scalar & 1:
            total = add(total, point)
        point, scalar = add(point, point), scalar >> 1
    return total


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether V == c·A + r·G."""
    point_v, r = b"\x04" + signature[:64], int.from_bytes(signature[64:], "big")
    a = int.from_bytes(public[1:33], "big"), int.from_bytes(public[33:], "big")
    expected = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:64], "big")
    return add(times(challenge(point_v, public, message), a), times(r, G)) == expected
