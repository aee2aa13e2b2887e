"""Handing messages to the push services of browsers' vendors (RFC 8030).

Rules of this room:

1. An endpoint comes from a browser, so it is anybody's text: only https to a service that the operator trusts is
   ever asked, at its usual port, and no redirect is followed. In the demo only the simulated one is.
2. Of an answer nothing but its status is read.
"""

import json
import re
import secrets
from base64 import urlsafe_b64decode
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import httpx2
from cryptography.hazmat.primitives.asymmetric import ec

from chargekey.adapters.push.encryption import LONGEST, SALT_BYTES, sealed
from chargekey.adapters.push.push_key import PushKey
from chargekey.domain.secret import Secret
from chargekey.ports.clock import Clock
from chargekey.ports.faults import AnswerLost, Refused, TooOften, Unreachable
from chargekey.ports.push import PushMessage, Subscription

TIMEOUT: Final = httpx2.Timeout(10.0, connect=5.0)
KEPT_FOR: Final = timedelta(days=1)
"""How long the vendor keeps a message for a device that is off; the mail is there meanwhile."""
LONGEST_ENDPOINT: Final = 1000
AUTH_BYTES: Final = 16
GONE: Final = (404, 410)
WAIT: Final = timedelta(minutes=1)
MOST_WAIT: Final = timedelta(hours=1)
_PLAIN: Final = re.compile(r"[!-\[\]-~]+")
"""Printable ASCII without blanks and without the backslash, which addresses are read differently by."""


class WebPush:
    """`ports.push.Push`. `services`: host names, their subdomains included. `simulated`: the demo's service instead."""

    def __init__(
        self,
        http: httpx2.AsyncClient,
        clock: Clock,
        key: PushKey,
        services: Sequence[str],
        simulated: str | None = None,
    ) -> None:
        self._http, self._clock, self._key = http, clock, key
        self._services, self._simulated = tuple(services), simulated

    @property
    def public_key(self) -> str:
        return self._key.public if self._services or self._simulated else ""

    def takes(self, subscription: Subscription) -> bool:
        try:
            _browser_key(subscription)
            _auth(subscription)
        except ValueError:
            return False
        return self._is_trusted(subscription.endpoint)

    def _is_trusted(self, endpoint: Secret) -> bool:
        text = endpoint.reveal()
        if len(text) > LONGEST_ENDPOINT or not _PLAIN.fullmatch(text):
            return False
        if self._simulated:
            return text.startswith(f"{self._simulated}/") and "/." not in text
        try:
            url = httpx2.URL(text)
        except httpx2.InvalidURL:
            return False
        is_plain = url.scheme == "https" and url.port is None and not url.userinfo and not url.fragment
        return is_plain and any(url.host == one or url.host.endswith(f".{one}") for one in self._services)

    async def send(self, to: Subscription, message: PushMessage) -> bool:
        if not self.takes(to):  # trusted when it was kept, and not any more
            raise Refused("the push service is not one of ours")
        url = httpx2.URL(to.endpoint.reveal())
        try:
            async with self._http.stream(
                "POST",
                url,
                content=self._sealed(to, message),
                headers=self._headers(url, message),
                follow_redirects=False,
                timeout=TIMEOUT,
            ) as answer:
                return _is_there(answer)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout):
            raise Unreachable("no push service answers there") from None  # the cause would name the endpoint
        except httpx2.TransportError:
            raise AnswerLost("the push service did not finish its answer") from None

    def _sealed(self, to: Subscription, message: PushMessage) -> bytes:
        shown = {"title": message.title, "text": message.text, "path": message.path, "tag": message.tag}
        text = json.dumps(shown, ensure_ascii=False).encode()
        if len(text) > LONGEST:
            raise Refused("too long for a push service")
        ours = ec.generate_private_key(ec.SECP256R1())
        return sealed(text, _browser_key(to), _auth(to), ours, secrets.token_bytes(SALT_BYTES))

    def _headers(self, url: httpx2.URL, message: PushMessage) -> dict[str, str]:
        origin = f"{url.scheme}://{url.netloc.decode()}"
        return {
            "Authorization": self._key.authorization(origin, self._clock.now()),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(int(KEPT_FOR.total_seconds())),
            "Topic": message.tag,
            "Urgency": "normal",
        }


def _is_there(answer: httpx2.Response) -> bool:
    if answer.is_success:
        return True
    if answer.status_code in GONE:
        return False
    if answer.status_code == httpx2.codes.TOO_MANY_REQUESTS:
        raise TooOften("the push service asks for patience", wait=_wait(answer.headers.get("retry-after", "")))
    if answer.status_code >= 500:
        raise Unreachable(f"the push service answered {answer.status_code}")
    raise Refused(f"the push service answered {answer.status_code}")


def _wait(said: str) -> timedelta:
    return min(timedelta(seconds=int(said)), MOST_WAIT) if said.isdecimal() and len(said) < 9 else WAIT


def _browser_key(subscription: Subscription) -> ec.EllipticCurvePublicKey:
    """Raises `ValueError` for anything but a point of the curve."""
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(subscription.browser_key))


def _auth(subscription: Subscription) -> bytes:
    """Raises `ValueError` for anything but 16 bytes."""
    auth = _bytes(subscription.auth)
    if len(auth) != AUTH_BYTES:
        raise ValueError("an auth secret has 16 bytes")
    return auth


def _bytes(text: Secret) -> bytes:
    return urlsafe_b64decode(text.reveal().rstrip("=") + "=" * (-len(text.reveal().rstrip("=")) % 4))
