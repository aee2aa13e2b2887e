"""The maker of a browser, with its push service: it checks who sends, and its browser opens what was sealed for it.

Written apart from Chargekey, after the same texts: RFC 8030 (delivery), 8292 (who sends), 8291 and 8188 (the seal).
It is of the moment: nothing of it outlives the simulator.
"""

import json
import secrets
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tesla_simulator.clock import TurnedClock
from tesla_simulator.sites import Sites

CREATED: Final = 201
NOT_READABLE: Final = 400
WHO_IS_IT: Final = 401
NOT_LET_IN: Final = 403
GONE: Final = 410
TOO_LONG: Final = 413
DOWN: Final = 503
LONGEST: Final = 4096
A_DAY: Final = timedelta(hours=24)
_CURVE: Final = ec.SECP256R1()


class CannotOpen(Exception):
    """What came is not sealed for this browser."""


@dataclass
class Browser:
    """One browser that was asked to be told. `lets_in`: whose messages, as that one's key, base64url."""

    endpoint: str
    lets_in: str
    is_there: bool = True
    shown: list[Mapping[str, str]] = field(default_factory=list)
    _key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(_CURVE))
    _auth: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    @property
    def subscription(self) -> dict[str, str]:
        """What a page is given."""
        return {"endpoint": self.endpoint, "p256dh": _text(_point(self._key.public_key())), "auth": _text(self._auth)}

    def forgets_us(self) -> None:
        """Its owner cleared it, or took the permission back in its settings."""
        self.is_there = False

    def gets(self, body: bytes) -> None:
        """Open it and show it; what has the tag of another takes its place. Raises `CannotOpen`."""
        told = json.loads(self._opened(body))
        self.shown = [one for one in self.shown if one["tag"] != told["tag"]] + [told]

    def _opened(self, body: bytes) -> bytes:
        salt, (_, length) = body[:16], struct.unpack("!IB", body[16:21])
        sender, content = body[21 : 21 + length], body[21 + length :]
        try:
            shared = self._key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, sender))
            info = b"WebPush: info\x00" + _point(self._key.public_key()) + sender
            secret = _derived(self._auth, shared, info, 32)
            key = _derived(salt, secret, b"Content-Encoding: aes128gcm\x00", 16)
            nonce = _derived(salt, secret, b"Content-Encoding: nonce\x00", 12)
            padded = AESGCM(key).decrypt(nonce, content, None)
        except (ValueError, InvalidTag) as error:
            raise CannotOpen from error
        text, mark, _ = padded.rstrip(b"\x00").rpartition(b"\x02")
        if not mark:
            raise CannotOpen
        return text


class PushVendor:
    """All browsers of one maker. `refuses_with`: a status that it answers to everything just now."""

    def __init__(self, sites: Sites, clock: TurnedClock) -> None:
        self._origin, self._clock = (sites.public_url or "https://push.example").rstrip("/"), clock
        self.browsers: dict[str, Browser] = {}
        self.refuses_with: int | None = None
        self.asked: list[datetime] = []

    def a_browser(self, lets_in: str) -> Browser:
        """Its owner agrees to be told by whoever holds that key."""
        token = secrets.token_urlsafe(24)
        self.browsers[token] = Browser(f"{self._origin}/push/{token}", lets_in)
        return self.browsers[token]

    def takes(self, token: str, headers: Mapping[str, str], body: bytes) -> int:
        """The status that is answered."""
        self.asked.append(self._clock.now())
        browser = self.browsers.get(token)
        if self.refuses_with:
            return self.refuses_with
        if browser is None or not browser.is_there:
            return GONE
        if len(body) > LONGEST:
            return TOO_LONG
        if refused := self._who(browser, headers.get("authorization", "")):
            return refused
        if headers.get("content-encoding") != "aes128gcm" or not headers.get("ttl", "").isdecimal():
            return NOT_READABLE
        try:
            browser.gets(body)
        except CannotOpen:
            return NOT_READABLE
        return CREATED

    def _who(self, browser: Browser, said: str) -> int | None:
        """None: it is the one whom the browser lets in, and says so for this service and no longer than a day."""
        scheme, _, rest = said.partition(" ")
        parts = dict(part.strip().partition("=")[::2] for part in rest.split(","))
        if scheme != "vapid" or not parts.get("t"):
            return WHO_IS_IT
        if parts.get("k") != browser.lets_in:
            return NOT_LET_IN
        key = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, _bytes(browser.lets_in))
        try:
            claims = jwt.decode(parts["t"], ECKey.import_key(key), algorithms=["ES256"]).claims
        except (JoseError, ValueError):
            return NOT_LET_IN
        ends_at, now = claims.get("exp", 0), self._clock.now()
        is_for_us = claims.get("aud") == self._origin and str(claims.get("sub", "")).startswith(("mailto:", "https:"))
        return None if is_for_us and now.timestamp() < ends_at <= (now + A_DAY).timestamp() else NOT_LET_IN


def push_route(vendor: PushVendor) -> Route:
    """Where messages for browsers are handed in."""

    async def message(request: Request) -> Response:
        status = vendor.takes(request.path_params["token"], request.headers, await request.body())
        return Response(status_code=status)

    return Route("/push/{token}", message, methods=["POST"])


def _derived(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
