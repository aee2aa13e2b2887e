"""Sealing a message so that only one browser can open it (RFC 8291, with the `aes128gcm` coding of RFC 8188).

Written here on `cryptography`: docs/decisions/0010 says why, and the RFC's own example holds it (tests).
"""

import struct
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

RECORD_BYTES: Final = 4096
LONGEST: Final = 3993
"""RFC 8291 §4: what fits into the 4096 bytes that each push service must take."""
SALT_BYTES: Final = 16
_LAST_RECORD: Final = b"\x02"


def sealed(
    text: bytes, browser_key: ec.EllipticCurvePublicKey, auth: bytes, ours: ec.EllipticCurvePrivateKey, salt: bytes
) -> bytes:
    """The body of the request. `ours` and `salt` are made anew for each message; `auth` is the browser's secret."""
    our_point = point(ours.public_key())
    keys = HKDF(SHA256(), 32, auth, b"WebPush: info\0" + point(browser_key) + our_point)
    material = keys.derive(ours.exchange(ec.ECDH(), browser_key))
    content_key = HKDF(SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(material)
    nonce = HKDF(SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(material)
    header = salt + struct.pack("!IB", RECORD_BYTES, len(our_point)) + our_point
    return header + AESGCM(content_key).encrypt(nonce, text + _LAST_RECORD, None)


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    """Uncompressed, 65 bytes."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
