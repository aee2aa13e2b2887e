"""Prices by the hour are fetched once they are out, and kept; nobody else waits for the network.

Rules of this room:

1. One question a day, after the hour of publication, or one for each stretch of a source that only tells what runs;
   each home some minutes later, by what it is, so that not all homes ask in the same second.
2. What is not whole is asked for again, after a pause that grows. The pause is kept: a home that starts ten times in a
   minute asks once.
3. A fault changes nothing that is known. It is written down, and the operator's check says so.
4. Each market has a timer of its own, whose key is its place in the settings: none waits for another.
"""

import asyncio
import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from chargekey.domain.findings import PricesKept, PricesStand
from chargekey.domain.market import Market
from chargekey.domain.published import known_until
from chargekey.ports.clock import Clock
from chargekey.ports.faults import Fault, TooOften
from chargekey.ports.jobs import Work
from chargekey.ports.prices import Asked, PublishedPrices
from chargekey.ports.store import Store, Unit

SPREAD: Final = timedelta(minutes=15)
"""Within it homes ask one after the other."""
AFTER_START: Final = timedelta(seconds=5)
FIRST_PAUSE: Final = timedelta(minutes=5)
LONGEST_PAUSE: Final = timedelta(hours=1)
MAY_BE_LATE: Final = timedelta(hours=3)
"""So long after they should be out nobody is called to account."""


class FetchPrices:
    """Each market's source. `sources`: a home's markets in their order; without any there is nothing to fetch.

    `who`: what tells this home from others; it is only reckoned with.
    """

    def __init__(self, store: Store, clock: Clock, who: str, *sources: tuple[Market, PublishedPrices]) -> None:
        self._of = [FetchMarket(store, clock, who, key, *one) for key, one in enumerate(sources)]

    async def begin(self) -> None:
        """At the start: what is missing is asked for soon, but no sooner than its pause is over."""
        for one in self._of:
            await one.begin()

    async def fetch(self, key: int) -> None:
        """The timer's work. A market that is set no more is asked no more."""
        if key < len(self._of):
            await self._of[key].fetch()

    async def stands(self) -> PricesKept:
        """What the operator should know. What was never asked for is asked for now."""
        first, *others = await asyncio.gather(*(one.stands() for one in self._of)) or [PricesKept(PricesStand.NOT_USED)]
        return replace(first, others=tuple(others))


class FetchMarket:
    """One source for one market."""

    def __init__(self, store: Store, clock: Clock, who: str, key: int, market: Market, source: PublishedPrices) -> None:
        self._store, self._clock, self._key, self._market, self._source = store, clock, key, market, source
        self._later = spread(f"{who} {market.name}")

    async def begin(self) -> None:
        """At the start, as of all."""
        now = self._clock.now()
        async with self._store.unit() as unit:
            asked = await unit.prices.asked(self._market)
            is_whole = await self._reach(unit, self._market, now) >= self._market.rhythm.out_until(now)
            due_at = self._next_day(self._market, now) if is_whole else now + AFTER_START
            if asked and asked.tries:
                due_at = max(due_at, asked.at + self._pause(asked.tries))
            if asked and asked.trouble == TooOften.__name__:
                due_at = max(due_at, await unit.timers.due_at(Work.FETCH_PRICES, self._key) or due_at)
            await unit.timers.set(Work.FETCH_PRICES, self._key, due_at)

    async def fetch(self) -> None:
        """It sets its timer again, whatever came of it."""
        now, rhythm = self._clock.now(), self._market.rhythm
        start, end = rhythm.day_begins(now, -1), max(rhythm.day_begins(now, 2), rhythm.out_until(now))
        fault: Fault | None = None
        try:
            slots = await self._source.published(start, end)
        except Fault as failed:
            slots, fault = (), failed
        async with self._store.unit() as unit:
            await unit.prices.keep(self._market, slots, self._clock.now())
            before = await unit.prices.asked(self._market)
            is_whole = fault is None and await self._reach(unit, self._market, now) >= rhythm.out_until(now)
            tries = 0 if is_whole else (before.tries if before else 0) + 1
            got_at = now if slots else before.got_at if before else None
            await unit.prices.save_asked(self._market, Asked(now, got_at, tries, type(fault).__name__ if fault else ""))
            await unit.timers.set(Work.FETCH_PRICES, self._key, self._again_at(self._market, now, tries, fault))

    async def stands(self) -> PricesKept:
        """Of this market; its `others` are told by who knows them."""
        now = self._clock.now()
        async with self._store.unit() as unit:
            was_asked = await unit.prices.asked(self._market) is not None
        if not was_asked:
            await self.fetch()
        async with self._store.unit() as unit:
            asked = await unit.prices.asked(self._market)
            until = await self._reach(unit, self._market, now)
        trouble = asked.trouble if asked else ""
        if until >= self._market.rhythm.out_until(now - MAY_BE_LATE) and until > now:
            return PricesKept(PricesStand.UP_TO_DATE, self._market.name, until, trouble)
        stands = PricesStand.NONE if until == now else PricesStand.LATE
        return PricesKept(stands, self._market.name, until, trouble)

    async def _reach(self, unit: Unit, market: Market, now: datetime) -> datetime:
        horizon = market.rhythm.day_begins(now, 3)
        return known_until(await unit.prices.slots(market, now, horizon), now)

    def _next_day(self, market: Market, now: datetime) -> datetime:
        """Our turn after the next publication; today's where that is over and our turn is not."""
        return market.rhythm.next_at(now - self._later) + self._later

    def _again_at(self, market: Market, now: datetime, tries: int, fault: Fault | None) -> datetime:
        """`tries` 0: all that is out is known. What the source asks for is heeded, whatever comes out meanwhile."""
        if isinstance(fault, TooOften):
            return now + max(self._pause(max(tries, 1)), fault.wait)
        next_day = self._next_day(market, now)
        return min(next_day, now + self._pause(tries)) if tries else next_day

    def _pause(self, tries: int) -> timedelta:
        """Twice as long each time; some seconds longer by what we are."""
        return min(FIRST_PAUSE * (1 << min(tries - 1, 10)), LONGEST_PAUSE) + self._later / 15


def spread(who: str) -> timedelta:
    """By how much this home asks later than the first may: always the same, and spread evenly over all."""
    drawn = int.from_bytes(hashlib.sha256(who.encode()).digest()[:4])
    return timedelta(seconds=drawn % int(SPREAD.total_seconds()))
