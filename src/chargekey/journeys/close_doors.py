"""Nobody is sent on to a step that cannot work because our own side is not right; who met that is told when it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chargekey.domain.closed_parts import closes
from chargekey.domain.evidence import Observation, Source
from chargekey.domain.findings import Closed, MetClosedDoor, OperatorsTold
from chargekey.domain.operator_check import Line, check
from chargekey.journeys.case_file import ABOUT_US
from chargekey.journeys.standing import about_driver
from chargekey.journeys.tell_once import tell
from chargekey.ports.bus import Bus
from chargekey.ports.clock import Clock
from chargekey.ports.jobs import Work
from chargekey.ports.notices import NoticeKind
from chargekey.ports.store import Store, Unit

DRIVERS_AT_ONCE: Final = 500
SAID_AGAIN_AFTER: Final = timedelta(hours=1)
"""Who looks at a closed door again and again is written down once an hour."""


@dataclass(frozen=True, slots=True)
class Shut:
    """Why a part of the way is closed. `told_at`: when the operators were told, None: they are not yet."""

    closed: Closed
    lines: tuple[Line, ...]
    told_at: datetime | None
    next_look_at: datetime | None


class CloseDoors:
    """`regions`: base URLs by name, as the grants keep them."""

    def __init__(self, store: Store, clock: Clock, bus: Bus, regions: Mapping[str, str]) -> None:
        self._store, self._clock, self._bus, self._regions = store, clock, bus, regions

    async def before(self, driver_id: int, closed: Closed) -> Shut | None:
        """Whether our side is in the way of that part; if so, it is written down that he met it. None: go on."""
        now = self._clock.now()
        async with self._store.unit() as unit:
            seen = await unit.evidence.seen(ABOUT_US)
            lines = check(seen, tuple(self._regions), now)
            in_the_way = closes(lines, closed, await self._region(unit, driver_id))
            if not in_the_way:
                return None
            his = await unit.evidence.seen(about_driver(driver_id))
            met_at = his.when(MetClosedDoor)
            if met_at is None or now - met_at > SAID_AGAIN_AFTER or his.fact(MetClosedDoor) != MetClosedDoor(closed):
                met = Observation(about_driver(driver_id), MetClosedDoor(closed), now, Source.US)
                await unit.evidence.append([met])
            next_look_at = await unit.timers.due_at(Work.CHECK_OPERATOR, 0)
        return Shut(closed, in_the_way, seen.when(OperatorsTold), next_look_at)

    async def opened(self, lines: Sequence[Line]) -> None:
        """Tell each driver who met a door that is open now, once for each time he met it; wake his pages."""
        now = self._clock.now()
        async with self._store.unit() as unit:
            met = await unit.evidence.newest(MetClosedDoor, DRIVERS_AT_ONCE)
            told = []
            for driver_id, one in {one.subject.id: one for one in reversed(met)}.items():
                if not isinstance(one.fact, MetClosedDoor):
                    continue
                if closes(lines, one.fact.closed, await self._region(unit, driver_id)):
                    continue
                event = f"our_side {one.fact.closed.value} {one.observed_at:%Y-%m-%dT%H}"
                if await tell(unit, driver_id, NoticeKind.OUR_SIDE_IS_RIGHT, event, {}, now):
                    told.append(driver_id)
        for driver_id in told:
            self._bus.changed(driver_id)

    async def _region(self, unit: Unit, driver_id: int) -> str | None:
        grant = await unit.garage.grant_of(driver_id)
        if grant is None:
            return None
        return next((name for name, url in self._regions.items() if url == grant.base_url), None)
