"""Where our key went, read from the log: gone from the car that knew it, or come to another car instead.

Only what a car itself has proved counts as known: Tesla's list alone may have been wrong about it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from chargekey.domain.evidence import Handshake, KeyStatus, Seen
from chargekey.domain.journey import need_of_key
from chargekey.domain.vehicle import KeyNeed
from chargekey.journeys.standing import about_vehicle
from chargekey.ports.people import Vehicle
from chargekey.ports.store import Unit

BEFORE_ALL: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Earlier than anything we ever saw."""


@dataclass(frozen=True, slots=True)
class KeyLost:
    """A key that the car knew at `known_at`, and that was seen to be gone at `gone_at`; `car_said_so` itself.

    `ours_changed`: the key that it knew is one that we sign with no more.
    """

    known_at: datetime
    gone_at: datetime
    car_said_so: bool
    ours_changed: bool = False


async def lost_key(unit: Unit, vehicle: Vehicle, seen: Seen, our_key: str = "") -> KeyLost | None:
    """What is known of a key that is not on the car any more; None where it is, or never was for sure.

    `our_key`: the fingerprint of the one we sign with now. Where that or the other is not known, none has changed.
    """
    gone_at = seen.key_gone_at
    if gone_at is None or need_of_key(vehicle.vin, seen) is not KeyNeed.NEEDED:
        return None
    shaken = await unit.evidence.since(about_vehicle(vehicle.id), Handshake, BEFORE_ALL)
    known = [(one.observed_at, one.fact.key) for one in shaken if isinstance(one.fact, Handshake) and one.fact.proved]
    if not known or known[-1][0] >= gone_at:
        return None
    known_at, key = known[-1]
    refused = [one.observed_at for one in shaken if one.observed_at > known_at]
    changed = "" not in (key, our_key) and key != our_key
    return KeyLost(known_at, refused[0] if refused else gone_at, bool(refused), changed)


async def got_key_at(unit: Unit, car: Vehicle, seen: Seen, chosen_at: datetime | None) -> datetime | None:
    """When another car was first seen with our key, if it was without since the driver chose his; else None.

    Its history is read only where it has the key now, which is rare.
    """
    status = seen.fact(KeyStatus)
    if chosen_at is None or status is None or not status.paired:
        return None
    history = await unit.evidence.since(about_vehicle(car.id), KeyStatus, chosen_at)
    paired = [(one.fact.paired, one.observed_at) for one in history if isinstance(one.fact, KeyStatus)]
    if not paired or paired[0][0]:
        return None
    return next(at for is_paired, at in paired if is_paired)
