"""What the nights behind a car have shown of it, read from what is written down: computed, never stored."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from chargekey.domain.evidence import ChargeState, Observation
from chargekey.domain.learnt import NIGHTS, NO_OLDER_THAN, Learnt, learn
from chargekey.domain.lesson import Lesson, lesson_of
from chargekey.domain.night import Night
from chargekey.journeys.standing import about_vehicle
from chargekey.ports.people import Vehicle
from chargekey.ports.store import Unit

UTC_ZONE: Final = "UTC"


async def learnt_before(unit: Unit, vehicle: Vehicle, moment: datetime, zone: str = UTC_ZONE) -> Learnt:
    """By the newest nights that were over at that moment. `zone` is that of `Learnt.leaves`."""
    over = await unit.nights.nights_ended(vehicle.id, moment - NO_OLDER_THAN, moment + datetime.resolution)
    return learn(await _lessons(unit, vehicle.id, over[-NIGHTS:]), vehicle.vin.model, zone, moment)


async def _lessons(unit: Unit, vehicle_id: int, nights: Sequence[Night]) -> list[Lesson]:
    if not nights:
        return []
    begins = min(one.plugged_in_at for one in nights)
    ends = max(one.unplugged_at or one.plugged_in_at for one in nights)
    reports = await unit.evidence.since(about_vehicle(vehicle_id), ChargeState, begins, until=ends)
    return [lesson_of(_of(night, reports), _left_at(night)) for night in nights]


def _of(night: Night, reports: Sequence[Observation]) -> list[Observation]:
    ends = night.unplugged_at or night.plugged_in_at
    return [one for one in reports if night.plugged_in_at <= one.observed_at <= ends]


def _left_at(night: Night) -> datetime | None:
    """None: the night was over with the cable still in."""
    return None if night.unplugged_at == night.ready_by else night.unplugged_at
