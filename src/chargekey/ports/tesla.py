"""What we ask of Tesla, in our words.

Every method that acts for a driver takes the grant's number; the adapter fetches the access token from the vault,
and renews it once where Tesla says that it is stale. All of them may raise any `Fault`.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from chargekey.domain.car_schedules import CarSchedule
from chargekey.domain.evidence import ChargeState, KeyStatus, Listed
from chargekey.domain.findings import MobileAccess
from chargekey.domain.place import Place
from chargekey.domain.secret import Secret
from chargekey.domain.streaming import StreamConfig
from chargekey.domain.told_to_stream import HowFar, Stands
from chargekey.domain.vehicle import Reach, Vin

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """What Tesla said, with its own number for the request (None: it gave none)."""

    value: T
    request_id: str | None


@dataclass(frozen=True, slots=True)
class UnverifiedClaims:
    """What an access token says of itself.

    Unverified: it came over TLS from the token host, and we rely on nothing else for it.
    `nonce` is the id token's, None where there was no id token.
    """

    account: str
    scopes: frozenset[str]
    region_code: str | None
    nonce: str | None


@dataclass(frozen=True, slots=True)
class Tokens:
    """A fresh pair. The refresh token is single use: save it before the access token is used."""

    access: Secret
    refresh: Secret
    access_expires_at: datetime
    claims: UnverifiedClaims


@dataclass(frozen=True, slots=True)
class Look:
    """What a car says of itself. `charge.at_home` False: at a fast charger; else None, for home is not Tesla's to know.

    `place` None: not asked for, or the car hides it. `schedules`: its charge schedules and where each counts (None: not
    told), None where it was not asked for them or has no such thing; `most_schedules`: how many it takes.
    """

    charge: ChargeState
    place: Place | None
    schedules: tuple[tuple[CarSchedule, Place | None], ...] | None = None
    most_schedules: int | None = None


class TeslaSignIn(Protocol):
    """Tesla's OAuth."""

    @property
    def revoke_url(self) -> str:
        """Where the driver sees what he allows us, and takes it back himself."""

    def consent_url(self, *, state: str, nonce: str, locale: str, repair: bool) -> str:
        """Where the driver's browser goes. `repair` asks anew for what is missing and insists on it."""

    async def exchange(self, code: str) -> Tokens:
        """Turn the callback's code into tokens. `ConsentGone`: the code was used or is too old."""

    async def renew(self, grant_id: int, refresh: Secret) -> Tokens:
        """Spend a refresh token. `ConsentGone`: the grant is dead; any other fault: try the same one again."""

    def issued_at(self, access: Secret) -> datetime | None:
        """When Tesla says that it made this token, to the second; None where it does not say. The later lives."""


class OwnersConsent(Protocol):
    """Tesla's consent page for an owner of whose account we want nothing but that the app takes our key."""

    def owners_consent_url(self, *, state: str, locale: str) -> str:
        """Asks for as little as makes the app take it. The code that comes back is never exchanged for a token."""


class TeslaVehicles(Protocol):
    """Looking at vehicles. Nothing here wakes or changes one, but `wake`."""

    async def find_region(self, grant_id: int) -> Answer[str]:
        """The base URL of the account's region: one of those the operator configured, else `Puzzling`."""

    async def listing(self, grant_id: int) -> Answer[Sequence[tuple[Vin, Listed]]]:
        """All vehicles of the account, every page of them."""

    async def glance(self, grant_id: int, vin: Vin) -> Answer[Listed]:
        """The free look: who may, and whether it is awake. `VehicleGone`: no longer in the account."""

    async def key_statuses(self, grant_id: int, vins: Sequence[Vin]) -> Answer[Mapping[Vin, KeyStatus]]:
        """Fleet status of each VIN asked for; one that Tesla does not mention has `paired` None."""

    async def mobile_access(self, grant_id: int, vin: Vin) -> Answer[MobileAccess]:
        """Whether the car lets anybody in from afar. Free; `Asleep` where Tesla will not say without the car."""

    async def look(self, grant_id: int, vin: Vin, *, with_place: bool, for_order: bool = False) -> Answer[Look]:
        """The billed look at battery and cable. `Asleep` when the car is not awake.

        `for_order`: an order waits for it, or was just sent; then what the budget keeps for orders pays for it.

        `with_place` asks also where it is and where its schedules count: `ScopeMissing` for the whole look where the
        driver does not allow that.
        """

    async def wake(self, grant_id: int, vin: Vin) -> Answer[Reach]:
        """Ask the car to wake, the dearest call there is. It takes 10 to 60 s more; look for it."""


Leaves = Callable[[], Awaitable[None]]


async def at_once() -> None:
    """For orders that nobody else can be sending."""


class VehicleCommands(Protocol):
    """What a vehicle can be told, one command at a time for each vehicle.

    Nothing here wakes a sleeping vehicle. `signed` False sends the plain form, for cars without keys.
    `leaves` is asked right before each request; where it raises, nothing is sent. A signed order that is held up
    after that is too old for the car within seconds, and is asked about again before it is signed anew.
    All of it is billed; what the budget keeps for orders pays for it. `BudgetSpent`: there is nothing left, either.
    Raises `AnswerLost` or `Puzzling` when it may have happened; every other fault means that it did not.
    """

    @property
    def key(self) -> str:
        """The fingerprint of the public key that greets and signs: another one, another key."""

    async def prove(self, grant_id: int, vin: Vin) -> Answer[bool]:
        """Greet the car with our key and verify its answer; nothing in the car changes.

        True: the key is on the car. `KeyMissing`: it is not. `TakesPlain`: this car has no keys.
        """

    async def start_charging(self, grant_id: int, vin: Vin, *, signed: bool, leaves: Leaves = at_once) -> Answer[None]:
        """Return once the vehicle agreed, or was charging already."""

    async def stop_charging(self, grant_id: int, vin: Vin, *, signed: bool, leaves: Leaves = at_once) -> Answer[None]:
        """Return once the vehicle agreed, or was not charging anyway."""

    async def set_charging_current(
        self, grant_id: int, vin: Vin, current_a: int, *, signed: bool, leaves: Leaves = at_once
    ) -> Answer[None]:
        """Ask for a current, 5 A or more; the car takes at most what its cable allows."""

    async def add_schedule(
        self, grant_id: int, vin: Vin, schedule: CarSchedule, place: Place, *, signed: bool, leaves: Leaves = at_once
    ) -> Answer[None]:
        """Give the car a charge schedule that counts at a place. One of the same number is replaced."""

    async def remove_schedule(
        self, grant_id: int, vin: Vin, number: int, *, signed: bool, leaves: Leaves = at_once
    ) -> Answer[None]:
        """Take a charge schedule out of the car. A car that only waited for it may begin to charge."""


class TelemetrySettings(Protocol):
    """What a car is told to stream by itself. Tesla passes it on when the car is online; nothing here wakes one.

    Tesla names no price for these calls: each is counted as a look, and the budget has to pay for it.
    """

    async def tell(self, grant_id: int, vin: Vin, config: StreamConfig, until: datetime) -> Answer[Stands]:
        """In place of what it was told before; signed, so that the car can check it. Telling twice harms nothing.

        Returns `WAITS`, or why Tesla left this car out. `VehicleGone` is no proof that the car is gone.
        """

    async def how_far(self, grant_id: int, vin: Vin) -> Answer[HowFar]:
        """How far the config got."""

    async def trouble(self, grant_id: int, vin: Vin, since: datetime) -> Answer[str]:
        """The car's newest word against the config, as small print; "" where it has said nothing since then."""

    async def take_back(self, grant_id: int, vin: Vin) -> Answer[bool]:
        """Of our app alone. False: there was nothing."""


@dataclass(frozen=True, slots=True)
class PartnerLook:
    """How Tesla takes our app in one region. None: not said.

    `key` is the public key it holds for our domain, as hex; "" where it holds none. `ahead`: how far our own clock
    is ahead of the Date of Tesla's answer.
    """

    reached: bool
    secret_is_right: bool | None = None
    within_limits: bool | None = None
    key: str | None = None
    ahead: timedelta | None = None


class TeslaRegistration(Protocol):
    """The operator's side: our app at Tesla."""

    async def look(self, region: str, domain: str) -> PartnerLook:
        """Sign in as the app and read the registered key; it raises nothing, for every failure is a finding."""

    async def sign_in_page(self) -> tuple[bool, bool | None]:
        """Whether Tesla's sign-in page is reached, and whether it takes our way back. None: it does not say.

        No error on that page is a good sign and no proof: only a driver who came back proves it.
        """

    async def register(self, region: str, domain: str) -> Answer[str]:
        """Register the domain in a region ("na", "eu"); returns the public key Tesla fetched, as hex."""

    async def registered_key(self, region: str, domain: str) -> Answer[str | None]:
        """The public key Tesla holds for the domain in a region, None where it holds none."""


class SessionCache(Protocol):
    """Where signing sessions with cars outlive a restart."""

    async def load(self, vin: Vin, domain: int) -> bytes | None:
        """What was saved last, None where nothing was."""

    async def save(self, vin: Vin, domain: int, session: bytes) -> None:
        """Keep it, in place of what was there."""


class PairingLink(Protocol):
    """The link that opens the Tesla app and asks for our key."""

    def for_vehicle(self, vin: Vin) -> str:
        """The whole link, with the VIN in it: for a button and a QR code, never for a log."""

    def shown(self, vin: Vin) -> str:
        """The link as text for a page: the VIN shortened to its last four."""
