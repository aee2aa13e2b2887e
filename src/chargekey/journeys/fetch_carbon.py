"""How clean power is and will be is fetched every hour, and kept; nobody else waits for the network.

Rules of this room:

1. One question an hour; each home some minutes later than the hour, by what it is.
2. After a fault the next question waits for longer each time, up to a turn. Nothing that is known changes.
3. What a plan loses without it is little: nobody is called, and pages say nothing of carbon.
"""

from datetime import timedelta
from typing import Final

from chargekey.domain.carbon import FRESH, CarbonSlot, Region
from chargekey.domain.findings import CarbonKept
from chargekey.journeys.fetch_prices import AFTER_START, FIRST_PAUSE, spread
from chargekey.ports.carbon import PublishedCarbon
from chargekey.ports.clock import Clock
from chargekey.ports.faults import Fault, TooOften
from chargekey.ports.jobs import Work
from chargekey.ports.prices import Asked
from chargekey.ports.store import Store

HOME: Final = 0
A_TURN: Final = timedelta(hours=1)
BEHIND, AHEAD = timedelta(hours=12), timedelta(hours=36)
"""What was measured of a night is there by its morning, and the next night is a forecast: 48 hours in all."""


class FetchCarbon:
    """One source for one region. `source` and `region` None: there is nothing to fetch.

    `who`: what tells this home from others; it is only reckoned with.
    """

    def __init__(
        self, store: Store, clock: Clock, who: str, source: PublishedCarbon | None, region: Region | None
    ) -> None:
        self._store, self._clock, self._source, self._region = store, clock, source, region
        self._later = spread(f"{who} {region.name if region else ''}") / 15

    async def begin(self) -> None:
        """At the start: asked for soon, but no sooner than a turn or a pause after the last question."""
        if self._region is None:
            return
        now = self._clock.now()
        async with self._store.unit() as unit:
            asked = await unit.carbon.asked(self._region)
            soon = now + AFTER_START
            due_at = max(soon, asked.at + self._pause(asked.tries)) if asked else soon
            await unit.timers.set(Work.FETCH_CARBON, HOME, due_at)

    async def fetch(self, _home: int) -> None:
        """The timer's work. It sets itself again, whatever came of it."""
        if self._region is None or self._source is None:
            return
        now = self._clock.now()
        slots: tuple[CarbonSlot, ...] = ()
        fault: Fault | None = None
        try:
            slots = tuple(await self._source.published(now - BEHIND, now + AHEAD))
        except Fault as failed:
            fault = failed
        async with self._store.unit() as unit:
            await unit.carbon.keep(self._region, slots, self._clock.now())
            before = await unit.carbon.asked(self._region)
            tries = 0 if slots else (before.tries if before else 0) + 1
            got_at = now if slots else before.got_at if before else None
            trouble = type(fault).__name__ if fault else ""
            await unit.carbon.save_asked(self._region, Asked(now, got_at, tries, trouble))
            patience = fault.wait if isinstance(fault, TooOften) else timedelta()
            await unit.timers.set(Work.FETCH_CARBON, HOME, now + max(self._pause(tries), patience))

    async def stands(self) -> CarbonKept:
        """What the operator should know. What was never asked for is asked for now."""
        if self._region is None:
            return CarbonKept()
        now = self._clock.now()
        async with self._store.unit() as unit:
            was_asked = await unit.carbon.asked(self._region) is not None
        if not was_asked:
            await self.fetch(HOME)
        async with self._store.unit() as unit:
            asked = await unit.carbon.asked(self._region)
            slots = await unit.carbon.slots(self._region, now, now + AHEAD)
        got_at = asked.got_at if asked else None
        is_fresh = got_at is not None and got_at >= now - FRESH
        ahead = [one.end for one in slots if one.end > now and (is_fresh or not one.is_forecast)]
        return CarbonKept(self._region.name, max(ahead, default=None), asked.trouble if asked else "")

    def _pause(self, tries: int) -> timedelta:
        """Twice as long for each of the `tries` in a row that brought nothing; some seconds longer by what we are."""
        return (min(FIRST_PAUSE * (1 << min(tries - 1, 10)), A_TURN) if tries else A_TURN) + self._later
