"""What Tesla bills for a night: every call while the cable was in, and the look that found it in.

That look is asked, and billed, a moment before it says that a night has begun. A night that began without a look,
where the one before was over with the cable still in, has none of its own.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from chargekey.domain.evidence import ChargeState
from chargekey.domain.night import Night
from chargekey.domain.spend import Billed
from chargekey.journeys.standing import about_vehicle
from chargekey.ports.store import Unit

LONGEST_LOOK: Final = timedelta(minutes=2)
"""From its first call to its answer: 20 s of patience for each of at most four calls, and some."""


async def calls_of(unit: Unit, night: Night, now: datetime) -> Mapping[Billed, int]:
    """How many calls of each price category the night took, up to `now` while it lasts."""
    during = await unit.bills.calls(night.vehicle_id, night.plugged_in_at, night.unplugged_at or now)
    asked_at = await _earliest_ask(unit, night)
    if asked_at is None:
        return during
    before = await unit.bills.calls(night.vehicle_id, asked_at, night.plugged_in_at)
    return Counter(during) + Counter({Billed.DATA: before.get(Billed.DATA, 0)})


async def _earliest_ask(unit: Unit, night: Night) -> datetime | None:
    """From when on a look was for this night: after the answer of the one before it. None: no look found the cable."""
    begins = night.plugged_in_at
    reports = await unit.evidence.since(about_vehicle(night.vehicle_id), ChargeState, begins, until=begins)
    seen_at = [report.observed_at for report in reports]
    if night.plugged_in_at not in seen_at:
        return None
    earliest = night.plugged_in_at - LONGEST_LOOK
    return max(earliest, seen_at[0]) if seen_at[0] < night.plugged_in_at else earliest
