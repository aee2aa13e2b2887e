"""One plug-in, from the cable going in until it comes out: what the driver wished, what was sent, what came of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from chargekey.domain.car_schedules import CarSchedule
from chargekey.domain.delivery import Delivery


class Wish(StrEnum):
    """What the driver last asked for this plug-in. A new plug-in starts with PLAN."""

    PLAN = "plan"
    CHARGE_NOW = "charge_now"
    STOP = "stop"
    SKIP = "skip"


class Order(StrEnum):
    """What we can tell a vehicle about charging."""

    WAKE = "wake"
    START = "start"
    STOP = "stop"
    SET_CURRENT = "set_current"
    ADD_SCHEDULE = "add_schedule"
    REMOVE_SCHEDULE = "remove_schedule"


OF_THE_CABLE: Final = (Order.START, Order.STOP, Order.SET_CURRENT)
"""Orders that change what it draws."""


@dataclass(frozen=True, slots=True)
class Command:
    """One order to a vehicle, and what we know of it.

    `current_a` belongs to SET_CURRENT alone, `schedule` to ADD_SCHEDULE and REMOVE_SCHEDULE. `detail` is the vehicle's
    reason for a refusal.
    """

    id: int
    vehicle_id: int
    night_id: int | None
    order: Order
    current_a: int | None
    delivery: Delivery
    wanted_at: datetime
    sent_at: datetime | None
    settled_at: datetime | None
    detail: str
    schedule: CarSchedule | None = None


class Agreed(NamedTuple):
    """To so many amps the car agreed at that time."""

    at: datetime
    current_a: int


def agreed_currents(commands: Iterable[Command]) -> tuple[Agreed, ...]:
    """What currents it agreed to, the earliest first."""
    return tuple(
        sorted(
            Agreed(one.settled_at, one.current_a)
            for one in commands
            if one.order is Order.SET_CURRENT and one.delivery is Delivery.DONE and one.settled_at and one.current_a
        )
    )


@dataclass(frozen=True, slots=True)
class Night:
    """One plug-in. `unplugged_at` None: the cable is still in. `ready_by` None: nothing was planned."""

    id: int
    vehicle_id: int
    plugged_in_at: datetime
    unplugged_at: datetime | None
    wish: Wish
    wished_at: datetime
    ready_by: datetime | None
