"""The developer portal: apps, and where each is registered as a partner.

An app is registered per region, under a domain that hosts its public key; the key is fetched over HTTP when the
app registers, and again whenever a driver opens a pairing link.
"""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

import httpx2
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from tesla_simulator.clock import TurnedClock

WELL_KNOWN_KEY: Final = "/.well-known/appspecific/com.tesla.3p.public-key.pem"
_FETCHING_TAKES_AT_MOST_S: Final = 10.0
_DOMAIN: Final = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")


@dataclass
class App:
    """An app as its developer entered it."""

    client_id: str
    client_secret: str
    name: str
    redirect_uris: list[str]
    allowed_origins: list[str]
    scopes: list[str]


@dataclass
class Registration:
    """An app as partner of one region. The key is the hex of an uncompressed P-256 point."""

    client_id: str
    region: str
    domain: str
    public_key_hex: str
    created_at: datetime
    updated_at: datetime

    @property
    def public_key_hash(self) -> str:
        return hashlib.sha256(bytes.fromhex(self.public_key_hex)).hexdigest()


@dataclass
class PortalRecord:
    """`hosted` says where a domain lives in the simulation: domain to base URL."""

    apps: dict[str, App] = field(default_factory=dict)
    registrations: list[Registration] = field(default_factory=list)
    hosted: dict[str, str] = field(default_factory=dict)


class RegistrationRefused(Exception):
    """Status and error word of the answer."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.status = status
        self.error = error


class NotHosted(Exception):
    """No usable P-256 public key where the domain should host one."""


class Portal:
    """All apps, and what Tesla knows of their domains."""

    def __init__(self, record: PortalRecord, clock: TurnedClock) -> None:
        self.record = record
        self._clock = clock

    def app(self, client_id: str) -> App | None:
        return self.record.apps.get(client_id)

    def app_of_domain(self, domain: str, region: str) -> Registration | None:
        return next((r for r in self._in(region) if r.domain == domain), None)

    def registration(self, client_id: str, region: str) -> Registration | None:
        return next((r for r in self._in(region) if r.client_id == client_id), None)

    def forgets_registration(self, client_id: str, region: str) -> None:
        kept = [r for r in self.record.registrations if (r.client_id, r.region) != (client_id, region)]
        self.record.registrations = kept

    async def register(self, client_id: str, domain: str, region: str) -> Registration:
        """Raises `RegistrationRefused`. Registering again refreshes the key."""
        app = self.record.apps[client_id]
        _refuse_bad_domain(domain, app)
        try:
            key_hex = await self.hosted_key(domain)
        except NotHosted as error:
            raise RegistrationRefused(424, "The registration was rejected by Tesla") from error
        for other in self.record.registrations:
            if other.client_id != client_id and other.public_key_hex == key_hex:
                raise RegistrationRefused(422, "Validation failed: Public key hash has already been taken")
            if other.client_id != client_id and other.domain == domain:
                raise RegistrationRefused(422, "Validation failed: Domain has already been taken")
        before = self.registration(client_id, region)
        now = self._clock.now()
        made = Registration(client_id, region, domain, key_hex, before.created_at if before else now, now)
        self.forgets_registration(client_id, region)
        self.record.registrations.append(made)
        return made

    async def hosted_key(self, domain: str) -> str:
        """The public key the domain hosts at this moment: hex of the uncompressed point. Raises `NotHosted`."""
        base = self.record.hosted.get(domain)
        if base is None:
            raise NotHosted(domain)
        try:
            async with httpx2.AsyncClient(timeout=_FETCHING_TAKES_AT_MOST_S, trust_env=False) as client:
                answer = await client.get(httpx2.URL(base).join(WELL_KNOWN_KEY))
        except httpx2.HTTPError as error:
            raise NotHosted(domain) from error
        if answer.status_code != 200:
            raise NotHosted(domain)
        return _point_hex(answer.content)

    def _in(self, region: str) -> list[Registration]:
        return [r for r in self.record.registrations if r.region == region]


def _refuse_bad_domain(domain: str, app: App) -> None:
    if not _DOMAIN.fullmatch(domain) or "tesla" in domain:
        hint = "Ensure that domain is lowercase and starts without https://"
        raise RegistrationRefused(400, f"Invalid domain: {domain}. {hint}")
    roots = {_root(urlsplit(origin).hostname or "") for origin in app.allowed_origins}
    if _root(domain) not in roots:
        raise RegistrationRefused(412, f"Root domain {_root(domain)} must match registered allowed origin")


def _root(host: str) -> str:
    return ".".join(host.split(".")[-2:])


def _point_hex(pem: bytes) -> str:
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise NotHosted("no PEM") from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise NotHosted("not P-256")
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint).hex()
