"""The car's page, leaving, and what leaving leaves."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import ClassVar

from chargekey.domain.grant import Scope
from chargekey.domain.journey import Proof
from chargekey.domain.vehicle import Access, KeyNeed, Reach, Vin


@dataclass(frozen=True, slots=True)
class Car:
    """Everything known of the chosen car. Each claim carries when it was seen; None: never."""

    template: ClassVar[str] = "car.html"
    vin: Vin
    name: str | None
    access: Access
    reach: Reach
    listed_at: datetime | None
    need: KeyNeed
    key_seen_at: datetime | None
    proof: Proof
    proved_at: datetime | None
    soc_percent: int | None
    limit_percent: int | None
    plugged_in: bool | None
    charge_seen_at: datetime | None
    firmware: str | None
    target_percent: int | None
    minimum_percent: int | None
    ready_by: tuple[time | None, ...]
    tariff: str | None
    scopes: frozenset[Scope]
    scopes_read_at: datetime | None
    signed_in_as: str
    cars_in_account: int


@dataclass(frozen=True, slots=True)
class Disconnect:
    """Before leaving: what will be gone, and what only the driver can undo."""

    template: ClassVar[str] = "disconnect.html"
    car: Vin | None
    has_key: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """After leaving. `keys_left`: cars that held our key when last looked."""

    template: ClassVar[str] = "receipt.html"
    at: datetime
    tokens_erased: bool
    keys_left: tuple[Vin, ...]
    revoke_url: str
    domain: str
