"""Tesla accounts: who drives which car, and which app may do what.

A consent is never copied into a token's fate: whoever asks about a token asks the consent too, so that a
revocation is felt at once.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from tesla_simulator.clock import TurnedClock

Region = Literal["na", "eu"]
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
    """How an account may use a car: `OWNER`, `DRIVER`, or a word nobody has told us yet.

    `is_hidden`: left out of the list and of the app. `is_primary` False: an owner whose word does not count when a
    key is granted. A hired car is gone at `ends_at`.
    """

    vin: str
    access_type: str = "OWNER"
    hides_private: bool = False
    is_hidden: bool = False
    is_primary: bool = True
    ends_at: datetime | None = None


@dataclass
class AccountRecord:
    """What is kept of an account. `region` is `na` or `eu`; `user_id` is the `sub` of its tokens.

    `refused_every` n: every nth call is refused without reason, beginning with the next; 0 is never.
    """

    email: str
    user_id: str
    number: int
    region: Region
    full_name: str
    has_used_the_app: bool = True
    password_reset_at: datetime | None = None
    is_locked: bool = False
    shares_data: bool = True
    waits_for_its_business: bool = False
    mfa_is_in_the_way: bool = False
    has_terms_to_accept: bool = False
    refused_every: int = 0
    calls_counted: int = 0
    keeps_back: list[str] = field(default_factory=list)
    ordered_vins: list[str] = field(default_factory=list)
    cars: list[Access] = field(default_factory=list)
    consents: dict[str, Consent] = field(default_factory=dict)


class Account:
    """`on_revoked` is told the client id whose consent has just gone, `on_lost` the scopes that one has just lost."""

    def __init__(
        self,
        record: AccountRecord,
        clock: TurnedClock,
        on_revoked: Callable[["Account", str], None],
        on_lost: Callable[["Account", str, frozenset[str]], None],
    ) -> None:
        self.record = record
        self._clock = clock
        self._on_revoked = on_revoked
        self._on_lost = on_lost

    @property
    def email(self) -> str:
        return self.record.email

    @property
    def region(self) -> Region:
        return self.record.region

    def consent_to(self, client_id: str) -> Consent | None:
        return self.record.consents.get(client_id)

    @property
    def accesses(self) -> list[Access]:
        """The cars of now, in the account's order; what was hired for a time and is over is not among them."""
        now = self._clock.now()
        return [access for access in self.record.cars if access.ends_at is None or now < access.ends_at]

    @property
    def listed(self) -> list[Access]:
        """As `accesses`, without what is hidden."""
        return [access for access in self.accesses if not access.is_hidden]

    def access_to(self, vin: str) -> Access | None:
        return next((access for access in self.accesses if access.vin == vin), None)

    def is_refused_this_time(self) -> bool:
        """Counts a call."""
        if not self.record.refused_every:
            return False
        self.record.calls_counted += 1
        return self.record.calls_counted % self.record.refused_every == 1 % self.record.refused_every

    def consents(self, client_id: str, scopes: Iterable[str], always: Iterable[str] = ALWAYS_GRANTED) -> None:
        """Replaces what was granted before; new access tokens carry it. `always` is granted besides."""
        granted = [scope for scope in SCOPES if scope in {*scopes, *always}]
        before = self.record.consents.get(client_id)
        self.record.consents[client_id] = Consent(granted, self._clock.now())
        self.record.keeps_back = []
        if before is not None:
            self._on_lost(self, client_id, frozenset(before.scopes) - set(granted))

    def would_rather_keep_back(self, scopes: list[str]) -> None:
        """At the next consent these boxes are left empty, unless the app insists or somebody ticks them."""
        self.record.keeps_back = scopes

    def unticks(self, client_id: str, *scopes: str) -> None:
        consent = self.record.consents[client_id]
        lost = frozenset(scopes) & set(consent.scopes)
        consent.scopes = [scope for scope in consent.scopes if scope not in scopes]
        self._on_lost(self, client_id, lost)

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
        """Whatever the app wants first is agreed to on the way."""
        self.record.has_used_the_app, self.record.has_terms_to_accept = True, False

    def moves_to_region(self, region: Region) -> None:
        self.record.region = region

    def gets_locked(self) -> None:
        """Only Tesla can unlock it."""
        self.record.is_locked = True

    def is_unlocked(self) -> None:
        self.record.is_locked = False

    def refuses_to_share_data(self) -> None:
        """In the privacy settings."""
        self.record.shares_data = False

    def shares_data_again(self) -> None:
        self.record.shares_data = True

    def belongs_to_a_business(self) -> None:
        """Tesla does not know its user until the business has consented."""
        self.record.waits_for_its_business = True

    def its_business_consents(self) -> None:
        self.record.waits_for_its_business = False

    def mfa_gets_in_the_way(self) -> None:
        """The app asks for a second factor while a key is granted, and does not take it."""
        self.record.mfa_is_in_the_way = True

    def mfa_is_out_of_the_way(self) -> None:
        self.record.mfa_is_in_the_way = False

    def must_accept_new_terms(self) -> None:
        """In Tesla's app; until then its sign-in page lets nobody on to an app's consent."""
        self.record.has_terms_to_accept = True

    def accepts_the_terms(self) -> None:
        self.record.has_terms_to_accept = False

    def is_refused_now_and_then(self, every: int = 2) -> None:
        """Every nth call about cars gets 403 whatever its scopes are, beginning with the next."""
        self.record.refused_every, self.record.calls_counted = every, 0

    def is_refused_no_more(self) -> None:
        self.record.refused_every = 0

    # ── its cars ─────────────────────────────────────────────────────────────

    def sells(self, vin: str) -> None:
        """The car is no longer in this account."""
        self.record.cars = [access for access in self.record.cars if access.vin != vin]

    def gets(self, vin: str, access_type: str = "OWNER", hides_private: bool = False) -> None:
        self.sells(vin)
        self.record.ordered_vins = [ordered for ordered in self.record.ordered_vins if ordered != vin]
        self.record.cars.append(Access(vin, access_type, hides_private))

    def hires(self, vin: str, until: datetime | None = None, access_type: str = "GUEST") -> None:
        self.gets(vin, access_type)
        self._has(vin).ends_at = until

    def orders(self, vin: str) -> None:
        """Bought and not delivered: it is in nobody's list."""
        self.sells(vin)
        self.record.ordered_vins.append(vin)

    def takes_delivery_of(self, vin: str) -> None:
        self.gets(vin)

    def hides(self, vin: str) -> None:
        self._has(vin).is_hidden = True

    def shows_again(self, vin: str) -> None:
        self._has(vin).is_hidden = False

    def place_is_hidden_from_it(self, vin: str) -> None:
        self._has(vin).hides_private = True

    def place_is_shown_to_it(self, vin: str) -> None:
        self._has(vin).hides_private = False

    def is_not_the_primary_account_of(self, vin: str) -> None:
        self._has(vin).is_primary = False

    def is_the_primary_account_of(self, vin: str) -> None:
        self._has(vin).is_primary = True

    def _has(self, vin: str) -> Access:
        access = self.access_to(vin)
        if access is None:
            raise LookupError(vin)
        return access
