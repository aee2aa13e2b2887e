"""The key by which push services know us (VAPID, RFC 8292). Made once, kept beside the key ring, never printed.

With another key every device would have to be asked anew, so it is never replaced by itself.
"""

import os
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jwt
from joserfc.jwk import ECKey

from chargekey.adapters.push.encryption import point

GOOD_FOR: Final = timedelta(hours=12)
"""RFC 8292 §2 allows a day at most; half of it forgives clocks that differ."""


class PushKeyUnreadable(Exception):
    """The file is there but holds no P-256 private key."""


@dataclass(frozen=True, slots=True, repr=False)
class PushKey:
    """`contact`: where a push service can complain, a mailto: or https: address."""

    private: ec.EllipticCurvePrivateKey
    contact: str

    @property
    def public(self) -> str:
        """As browsers and push services write it."""
        return urlsafe_b64encode(point(self.private.public_key())).rstrip(b"=").decode()

    def authorization(self, origin: str, now: datetime) -> str:
        """The header that says who sends, good for one push service."""
        claims = {"aud": origin, "exp": int((now + GOOD_FOR).timestamp()), "sub": self.contact}
        token = jwt.encode({"alg": "ES256", "typ": "JWT"}, claims, ECKey.import_key(self.private))
        return f"vapid t={token}, k={self.public}"


def push_key(path: Path, contact: str) -> PushKey:
    """The key kept in that file, made if there is no file yet (mode 600). Raises `PushKeyUnreadable`."""
    if not path.exists():
        _make(path)
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError) as wrong:
        raise PushKeyUnreadable(f"{path.name} holds no private key") from wrong
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise PushKeyUnreadable(f"{path.name} must hold a P-256 key")
    return PushKey(key, contact)


def _make(path: Path) -> None:
    """Written aside and put in place whole: of two that start at once, both read the same key."""
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    aside = path.with_name(f"{path.name}.{os.getpid()}-{secrets.token_hex(4)}")  # in two containers pids are alike
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(pem)
    try:
        os.link(aside, path)
    except FileExistsError:
        return  # the other was quicker
    finally:
        aside.unlink()
