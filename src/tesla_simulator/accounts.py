"""Tesla accounts: who drives which car, and which app may do what.

A consent is never copied into a token's fate: whoever asks about a token asks the consent too, so that a
revocation is felt at once.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from tesla_simulator.clock import TurnedClock

ALWAYS_GRANTED: Final[tuple[str, ...]] = ("openid", "offline_access")
SCOPES: Final[tuple[str, ...]] = (
    "openid",
    "offline_access",
    "user_data",
    "vehicle_device_data",
    "vehicle_location",
    "vehicle_cmds",
    "vehicle_charging_cmds",
    "energy_device_data",
    "energy_cmds",
)


@dataclass
class Consent:
    """What an account lets one app do."""

    scopes: list[str]
    given_at: datetime


@dataclass
class Access:
    """How an account may use a car: `OWNER` or `DRIVER`."""

    vin: str
    access_type: str = "OWNER"
    hides_private: bool = False


@dataclass
class AccountRecord:
    """What is kept of an account. `region` is `na` or `eu`; `user_id` is the `sub` of its tokens."""

    email: str
    user_id: str
    number: int
    region: str
    full_name: str
    has_used_the_app: bool = True
    password_reset_at: datetime | None = None
    cars: list[Access] = field(default_factory=list)
    consents: dict[str, Consent] = field(default_factory=dict)


class Account:
    """`on_revoked` is told the client id whose consent has just gone."""

    def __init__(self, record: AccountRecord, clock: TurnedClock, on_revoked: Callable[["Account", str], None]) -> None:
        self.record = record
        self._clock = clock
        self._on_revoked = on_revoked

    @property
    def email(self) -> str:
        return self.record.email

    @property
    def region(self) -> str:
        """`na` or `eu`."""
        return self.record.region

    def consent_to(self, client_id: str) -> Consent | None:
        return self.record.consents.get(client_id)

    def access_to(self, vin: str) -> Access | None:
        return next((access for access in self.record.cars if access.vin == vin), None)

    def consents(self, client_id: str, scopes: Iterable[str]) -> None:
        """Replaces what was granted before; new access tokens carry it."""
        granted = [scope for scope in SCOPES if scope in {*scopes, *ALWAYS_GRANTED}]
        self.record.consents[client_id] = Consent(granted, self._clock.now())

    def unticks(self, client_id: str, *scopes: str) -> None:
        consent = self.record.consents[client_id]
        consent.scopes = [scope for scope in consent.scopes if scope not in scopes]

    def ticks(self, client_id: str, *scopes: str) -> None:
        self.consents(client_id, [*self.record.consents[client_id].scopes, *scopes])

    def revokes_consent(self, client_id: str) -> None:
        if self.record.consents.pop(client_id, None) is not None:
            self._on_revoked(self, client_id)

    def resets_its_password(self) -> None:
        """Every app has to ask for a new log-in."""
        self.record.password_reset_at = self._clock.now()

    def has_never_used_the_app(self) -> None:
        self.record.has_used_the_app = False

    def uses_the_app_once(self) -> None:
        self.record.has_used_the_app = True

    def sells(self, vin: str) -> None:
        """The car is no longer in this account."""
        self.record.cars = [access for access in self.record.cars if access.vin != vin]

    def gets(self, vin: str, access_type: str = "OWNER", hides_private: bool = False) -> None:
        self.sells(vin)
        self.record.cars.append(Access(vin, access_type, hides_private))
