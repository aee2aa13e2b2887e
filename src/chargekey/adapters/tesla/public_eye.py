"""Our own key file, fetched over the public road as Tesla's servers and its app fetch it (tesla-fleet-api §2).

They follow no redirect, sign in nowhere and want a P-256 public key as PEM. That we can fetch it is not yet that
Tesla can: a wall against robots may let us through and stop Tesla. Only a registration that succeeds shows that.
"""

import asyncio
from typing import Final

import httpx2
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from chargekey.domain.findings import KeyFile

PATH: Final = "/.well-known/appspecific/com.tesla.3p.public-key.pem"
TIMEOUT: Final = httpx2.Timeout(10.0, connect=5.0)
WHOLE_S: Final = 12.0
LONGEST: Final = 16 * 1024
"""A PEM key has 178 bytes; whoever sends more than this sends a page."""


class OwnDomain:
    """`ports.public_eye.PublicEye`. `at`: where the domain is reached, `https://` and its name outside the demo."""

    def __init__(self, http: httpx2.AsyncClient, at: str, public_hex: str) -> None:
        self._http, self._url, self._public_hex = http, at + PATH, public_hex

    async def key_file(self) -> KeyFile:
        try:
            async with asyncio.timeout(WHOLE_S):
                status, content = await self._fetched()
        except (TimeoutError, httpx2.TransportError, httpx2.DecodingError, httpx2.InvalidURL):
            return KeyFile.UNREACHABLE
        if status >= 500:
            return KeyFile.UNREACHABLE
        if 300 <= status < 400:
            return KeyFile.MOVED
        if status != httpx2.codes.OK:
            return KeyFile.MISSING
        found = _point_hex(content)
        if found is None:
            return KeyFile.NOT_A_KEY
        return KeyFile.RIGHT if found == self._public_hex.lower() else KeyFile.ANOTHER_KEY

    async def _fetched(self) -> tuple[int, bytes]:
        """Status and as much of the body as a key can have. No redirect is followed, on whatever client."""
        content = bytearray()
        async with self._http.stream("GET", self._url, follow_redirects=False, timeout=TIMEOUT) as response:
            async for chunk in response.aiter_bytes():
                content += chunk
                if len(content) > LONGEST:
                    break
        return response.status_code, bytes(content)


def _point_hex(pem: bytes) -> str | None:
    """The uncompressed point of a P-256 public key, as Tesla writes it; None for anything else."""
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        return None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        return None
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint).hex()
