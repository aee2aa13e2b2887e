"""The developer portal: apps, and where each is registered as a partner.

An app is registered per region, under a domain that hosts its public key; the key is fetched over HTTP when the
app registers, and again whenever a driver opens a pairing link. What stands against an app is kept apart from what
its developer entered, so that entering it again mends nothing by accident.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from tesla_simulator.accounts import ALWAYS_GRANTED, Region
from tesla_simulator.clock import TurnedClock
from tesla_simulator.internet import WELL_KNOWN_KEY, CannotBeReached, Internet

OTHER_APP: Final = "somebody-elses-app"
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

    def shares_root_with(self, host: str) -> bool:
        """Whether the host belongs to the domain's owner, as Tesla judges it: by the last two words."""
        return _root(host) == _root(self.domain)

    @property
    def public_key_hash(self) -> str:
        return hashlib.sha256(bytes.fromhex(self.public_key_hex)).hexdigest()


class Billing(StrEnum):
    """Whether an app may call at all."""

    PAID = "paid"
    EXCEEDED = "exceeded"
    UNPAID = "unpaid"


@dataclass
class Against:
    """What stands against an app in the portal. `secret` empty: as its developer entered it."""

    redirects_listed: bool = True
    scopes_off: list[str] = field(default_factory=list)
    secret: str = ""
    billing: Billing = Billing.PAID
    billing_until: datetime | None = None


@dataclass
class PortalRecord:
    """`against` is by client id."""

    apps: dict[str, App] = field(default_factory=dict)
    against: dict[str, Against] = field(default_factory=dict)
    registrations: list[Registration] = field(default_factory=list)


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

    def __init__(self, record: PortalRecord, internet: Internet, clock: TurnedClock) -> None:
        self.record = record
        self._internet = internet
        self._clock = clock

    def app(self, client_id: str) -> App | None:
        """As the portal has it now."""
        entered = self.record.apps.get(client_id)
        if entered is None:
            return None
        against = self.record.against.get(client_id, Against())
        return replace(
            entered,
            client_secret=against.secret or entered.client_secret,
            redirect_uris=entered.redirect_uris if against.redirects_listed else [],
            scopes=[scope for scope in entered.scopes if scope not in against.scopes_off],
        )

    def always_granted(self, client_id: str) -> list[str]:
        """What nobody is asked about, unless the portal does not let the app have it."""
        off = self.record.against.get(client_id, Against()).scopes_off
        return [scope for scope in ALWAYS_GRANTED if scope not in off]

    def billing(self, client_id: str) -> Billing:
        against = self.record.against.get(client_id, Against())
        is_over = against.billing_until is not None and against.billing_until <= self._clock.now()
        return Billing.PAID if is_over else against.billing

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
        try:
            answer = await self._internet.get(domain, WELL_KNOWN_KEY)
        except CannotBeReached as error:
            raise NotHosted(domain) from error
        if answer.status != 200:
            raise NotHosted(domain)
        return _point_hex(answer.content)

    # ── what its developer and others do there ───────────────────────────────

    def redirect_uri_is_not_listed(self, client_id: str) -> None:
        """Tesla's page refuses whoever is sent there, and the token endpoint the code."""
        self._against(client_id).redirects_listed = False

    def redirect_uri_is_listed_again(self, client_id: str) -> None:
        self._against(client_id).redirects_listed = True

    def scopes_are_not_enabled(self, client_id: str, scopes: Sequence[str]) -> None:
        """Nobody is offered them."""
        self._against(client_id).scopes_off = list(scopes)

    def all_scopes_are_enabled(self, client_id: str) -> None:
        self._against(client_id).scopes_off = []

    def client_secret_changes(self, client_id: str, to: str = "another") -> None:
        self._against(client_id).secret = to

    def client_secret_is_as_before(self, client_id: str) -> None:
        self._against(client_id).secret = ""

    def app_exceeds_its_limit(self, client_id: str, until: datetime | None = None) -> None:
        """Every call is 403; `until` is when the month ends."""
        self._against(client_id).billing, self._against(client_id).billing_until = Billing.EXCEEDED, until

    def app_has_not_paid(self, client_id: str) -> None:
        """Every call is 402."""
        self._against(client_id).billing, self._against(client_id).billing_until = Billing.UNPAID, None

    def app_has_paid(self, client_id: str) -> None:
        self._against(client_id).billing = Billing.PAID

    async def another_app_takes_the_domain(self, domain: str, region: Region) -> None:
        """Somebody else has registered it first: the app is refused, and links of this domain lead to the other."""
        await self._taken(domain, region, domain)

    async def another_app_takes_the_key(self, domain: str, region: Region) -> None:
        """The key this domain hosts is registered to another app, under another domain."""
        await self._taken(domain, region, f"other.{_root(domain)}")

    def the_other_app_goes_away(self, region: Region) -> None:
        self.forgets_registration(OTHER_APP, region)

    async def _taken(self, domain: str, region: str, under: str) -> None:
        for before in [r for r in self._in(region) if r.domain == domain]:
            self.forgets_registration(before.client_id, region)
        now = self._clock.now()
        made = Registration(OTHER_APP, region, under, await self.hosted_key(domain), now, now)
        self.record.registrations.append(made)

    def _against(self, client_id: str) -> Against:
        if client_id not in self.record.apps:
            raise LookupError(client_id)
        return self.record.against.setdefault(client_id, Against())

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
