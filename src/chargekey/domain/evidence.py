"""Dated, sourced observations, and the view of a vehicle and a grant that they add up to.

Rules of this room:

1. An observation says what was seen, when, and who said it. It is appended, never overwritten.
2. A current view is folded from the latest observation of each kind, and from when our key was last seen to be
   gone. Nothing here decides anything.
3. Looking costs money, so each kind says how long a glance stays fresh (`FRESH_FOR`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, TypeVar

from chargekey.domain.car_schedules import SchedulesInCar
from chargekey.domain.findings import FOUND, AccountAnswered, Found
from chargekey.domain.grant import Scope
from chargekey.domain.told_to_stream import ToldToStream
from chargekey.domain.vehicle import Access, Reach


class SubjectKind(StrEnum):
    """Whom an observation is about."""

    OPERATOR = "operator"
    DRIVER = "driver"
    GRANT = "grant"
    VEHICLE = "vehicle"


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom an observation is about: one driver, grant or vehicle by our own number."""

    kind: SubjectKind
    id: int


@dataclass(frozen=True, slots=True)
class ScopesGranted:
    """`scp` of a fresh access token: what the driver really ticked."""

    scopes: frozenset[Scope]


@dataclass(frozen=True, slots=True)
class ConsentEnded:
    """Tesla no longer honours the grant: revoked, expired, password changed, or given up by the driver."""

    why: str


@dataclass(frozen=True, slots=True)
class Listed:
    """The vehicle object of Tesla's list. It may be minutes old at Tesla's side."""

    access: Access
    reach: Reach
    display_name: str | None
    in_service: bool
    mobile_access_off: bool


@dataclass(frozen=True, slots=True)
class NotListed:
    """The account's list no longer holds the vehicle."""


@dataclass(frozen=True, slots=True)
class KeyStatus:
    """What fleet_status says. `paired` None: in neither list; `must_sign` and `keys_on_car` None: not said.

    It lags behind the car by seconds to hours.
    """

    paired: bool | None
    must_sign: bool | None
    keys_on_car: int | None
    firmware: str | None


@dataclass(frozen=True, slots=True)
class Handshake:
    """The car answered our key's greeting. `proved`: its tag verified, so the key is on the car.

    `key`: the fingerprint of the public key that greeted; "" where that was not written down.
    """

    proved: bool
    key: str = ""


@dataclass(frozen=True, slots=True)
class PlainCommandsTaken:
    """This vehicle takes plain commands: Tesla said so when it was sent a signed one, or it obeyed a plain one."""


class Charging(StrEnum):
    """Tesla's charging_state, in our words."""

    UNPLUGGED = "unplugged"
    NO_POWER = "no_power"
    STARTING = "starting"
    CHARGING = "charging"
    COMPLETE = "complete"
    STOPPED = "stopped"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ChargeState:
    """The battery and the cable, as the car reports them. None: the car did not say.

    `energy_added_wh` is what reached the battery in this plug-in, `power_w` is at the charger. `phases` as last told in
    this plug-in (`with_phases_of`); `at_home` None: not known (no location permission): then plugged in counts as home.
    `heating_battery`: a cold one, before much of anything gets into it.
    """

    soc_percent: int | None
    limit_percent: int | None
    charging: Charging
    current_a: int | None
    current_asked_a: int | None
    current_max_a: int | None
    voltage_v: int | None
    phases: int | None
    power_w: int | None
    energy_added_wh: int | None
    at_home: bool | None
    heating_battery: bool | None = None

    @property
    def plugged_in(self) -> bool:
        return self.charging not in (Charging.UNPLUGGED, Charging.UNKNOWN)

    @property
    def drawing(self) -> bool:
        """Whether the car is taking power, or just about to."""
        return self.charging in (Charging.CHARGING, Charging.STARTING)

    def with_phases_of(self, before: "ChargeState | None") -> "ChargeState":
        """A car at rest tells of no phases (`charger_phases` is null); the cable that is in has them all the same."""
        if self.phases is not None or before is None or not (self.plugged_in and before.plugged_in):
            return self
        return replace(self, phases=before.phases)


@dataclass(frozen=True, slots=True)
class ChoseVehicle:
    """The driver said which vehicle we shall charge."""

    vehicle_id: int


@dataclass(frozen=True, slots=True)
class AskedForProof:
    """The driver wants the car to answer our key now, whatever it answered before."""


@dataclass(frozen=True, slots=True)
class WentOnUnproved:
    """The driver went on although the car slept and the key was not yet tried."""


Fact = (
    ScopesGranted
    | ConsentEnded
    | Listed
    | NotListed
    | KeyStatus
    | Handshake
    | PlainCommandsTaken
    | ChargeState
    | SchedulesInCar
    | ToldToStream
    | ChoseVehicle
    | AskedForProof
    | WentOnUnproved
    | Found
)
FACTS: Final[Mapping[str, type[Fact]]] = {
    "scopes_granted": ScopesGranted,
    "consent_ended": ConsentEnded,
    "listed": Listed,
    "not_listed": NotListed,
    "key_status": KeyStatus,
    "handshake": Handshake,
    "plain_commands_taken": PlainCommandsTaken,
    "charge_state": ChargeState,
    "schedules_in_car": SchedulesInCar,
    "told_to_stream": ToldToStream,
    "chose_vehicle": ChoseVehicle,
    "asked_for_proof": AskedForProof,
    "went_on_unproved": WentOnUnproved,
    **FOUND,
}
"""The name under which each kind of fact is kept. A name is never used again for another shape."""

FRESH_FOR: Final[Mapping[type[Fact], timedelta]] = {
    AccountAnswered: timedelta(seconds=20),
    Listed: timedelta(seconds=20),
    KeyStatus: timedelta(seconds=3),
    ChargeState: timedelta(minutes=2),
    Handshake: timedelta(days=7),
}
"""How old a glance may be before a page pays for a new one."""


class Source(StrEnum):
    """Who said it."""

    TESLA = "tesla"
    CAR = "car"
    TELEMETRY = "telemetry"
    """The car, too, by itself: what it streamed, added to what it said before."""
    TOKEN = "token"  # noqa: S105  Tesla's token, as a source of facts
    DRIVER = "driver"
    US = "us"


F = TypeVar("F", bound=Fact)


@dataclass(frozen=True, slots=True)
class Observation:
    """One fact about one subject. `request_id` is Tesla's own (x-txid), None where Tesla gave none."""

    subject: Subject
    fact: Fact
    observed_at: datetime
    source: Source
    request_id: str | None = None

    def age(self, now: datetime) -> timedelta:
        return now - self.observed_at

    def is_fresh(self, now: datetime) -> bool:
        limit = FRESH_FOR.get(type(self.fact))
        return limit is not None and self.age(now) < limit


LASTING: Final[frozenset[type[Fact]]] = frozenset({KeyStatus, Handshake})
"""Kinds of which more than the latest counts: a key that was gone for a while was not always there."""


def says_key_gone(fact: Fact) -> bool:
    """Whether somebody who knows said that our key is not on the car. A VIN in neither list says nothing."""
    return (isinstance(fact, KeyStatus) and fact.paired is False) or (isinstance(fact, Handshake) and not fact.proved)


@dataclass(frozen=True, slots=True)
class Seen:
    """The latest observation of each kind about one subject.

    `key_gone_at`: when our key was last seen to be gone, whatever was seen since; None: never.
    """

    latest: Mapping[type[Fact], Observation]
    key_gone_at: datetime | None = None

    def fact(self, kind: type[F]) -> F | None:
        """The latest fact of that kind, None where nothing of the kind was ever seen."""
        for observation in self.latest.values():
            if isinstance(observation.fact, kind):
                return observation.fact
        return None

    def when(self, kind: type[Fact]) -> datetime | None:
        observation = self.latest.get(kind)
        return observation.observed_at if observation else None

    def with_added(self, observations: Iterable[Observation]) -> "Seen":
        """The view with these, of the same subject, which may be older than what it has.

        Of two of one kind at one moment the one that comes later in the order counts.
        """
        latest, key_gone_at = dict(self.latest), self.key_gone_at
        for observation in observations:
            if says_key_gone(observation.fact):
                key_gone_at = max(key_gone_at or observation.observed_at, observation.observed_at)
            known = latest.get(type(observation.fact))
            if known is None or observation.observed_at >= known.observed_at:
                latest[type(observation.fact)] = observation
        return Seen(latest, key_gone_at)

    def is_later(self, kind: type[Fact], than: type[Fact]) -> bool:
        """Whether `kind` was seen, and after the latest `than` (or that was never seen)."""
        first, second = self.when(kind), self.when(than)
        return first is not None and (second is None or first > second)


NOTHING_SEEN: Final = Seen({})


def fold(observations: Iterable[Observation]) -> Seen:
    """The view that observations of one subject add up to; they may come in any order."""
    return NOTHING_SEEN.with_added(observations)
