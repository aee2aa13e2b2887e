"""Our own key file, fetched over the public road as Tesla's servers and its app fetch it (tesla-fleet-api §2).

They follow no redirect, sign in nowhere and want a P-256 public key as PEM. That we can fetch it is not yet that
Tesla can: a wall against robots may let us through and stop Tesla. Only a registration that succeeds shows that.
"""

import asyncio
import ssl
from datetime import UTC, datetime
from typing import Final

import httpx2
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from chargekey.domain.findings import Certificate, KeyFile, OurDomain

PATH: Final = "/.well-known/appspecific/com.tesla.3p.public-key.pem"
TIMEOUT: Final = httpx2.Timeout(10.0, connect=5.0)
WHOLE_S: Final = 12.0
HTTPS: Final = 443
LONGEST: Final = 16 * 1024
"""A PEM key has 178 bytes; whoever sends more than this sends a page."""


class OwnDomain:
    """`ports.public_eye.PublicEye`. `at`: where the domain is reached, `https://` and its name outside the demo."""

    def __init__(self, http: httpx2.AsyncClient, at: str, public_hex: str) -> None:
        self._http, self._url, self._public_hex = http, at + PATH, public_hex

    async def key_file(self) -> KeyFile:
        try:
            async with asyncio.timeout(WHOLE_S):
                status, kind, content = await self._fetched()
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
        if found != self._public_hex.lower():
            return KeyFile.ANOTHER_KEY
        return KeyFile.AS_A_PAGE if kind == "text/html" else KeyFile.RIGHT

    async def domain(self) -> OurDomain:
        url = httpx2.URL(self._url)
        if url.scheme != "https":  # the demo's, which is no domain of the Internet
            return OurDomain()
        has_address = await _has_address(url.host)
        try:
            async with asyncio.timeout(WHOLE_S):
                until = await self._certificate_until()
        except (TimeoutError, httpx2.TransportError) as failed:
            return OurDomain(has_address, _complaint(failed))
        # It answers, so that somebody knows its address: the proxy that stands between.
        return OurDomain(has_address or None, Certificate.TRUSTED, until)

    async def _certificate_until(self) -> datetime | None:
        """None: what lies beneath does not tell. A certificate that does not hold breaks the connection before."""
        async with self._http.stream("HEAD", self._url, follow_redirects=False, timeout=TIMEOUT) as response:
            stream = response.extensions.get("network_stream")
            tls = stream.get_extra_info("ssl_object") if stream else None
            ends = (tls.getpeercert() or {}).get("notAfter") if tls else None
        return datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC) if ends else None

    async def _fetched(self) -> tuple[int, str, bytes]:
        """Status, type and as much of the body as a key can have. No redirect is followed, on whatever client."""
        content = bytearray()
        async with self._http.stream("GET", self._url, follow_redirects=False, timeout=TIMEOUT) as response:
            async for chunk in response.aiter_bytes():
                content += chunk
                if len(content) > LONGEST:
                    break
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        return response.status_code, kind, bytes(content)


async def _has_address(host: str) -> bool:
    try:
        return bool(await asyncio.get_running_loop().getaddrinfo(host, HTTPS))
    except OSError:
        return False


def _complaint(failed: BaseException) -> Certificate | None:
    """What TLS says, wherever in the chain of errors it stands; None where it is not about TLS."""
    seen: BaseException | None = failed
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError):
            return Certificate.NOT_TRUSTED
        if isinstance(seen, ssl.SSLError):
            return Certificate.NO_TLS
        seen = seen.__cause__ or seen.__context__
    return None


def _point_hex(pem: bytes) -> str | None:
    """The uncompressed point of a P-256 public key, as Tesla writes it; None for anything else."""
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        return None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        return None
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint).hex()
