"""Prices by the hour out of what was published and kept: asking never waits for the network.

Rules of this room:

1. Who is late is not waited for for ever: `AT_LATEST` after the hour at which prices should be out, what is missing is
   promised no more.
2. Nothing kept, or kept too long ago, is no price: it is neither guessed nor carried on.
"""

from datetime import datetime, timedelta
from typing import Final

from chargekey.domain.market import Market
from chargekey.domain.published import known_until, unbroken
from chargekey.domain.tariff import DAY, DayAheadTariff, Prices, retail
from chargekey.ports.store import Store

AT_LATEST: Final = timedelta(hours=6)
"""On the few days on which Europe's auction is repeated it is some hours late; Agile's rates may take an evening."""


class KeptDayAhead:
    """What a driver with prices by the hour pays in this market."""

    def __init__(self, store: Store, market: Market) -> None:
        self._store, self._market = store, market

    @property
    def market(self) -> Market:
        return self._market

    async def prices(self, tariff: DayAheadTariff, start: datetime, end: datetime, known_at: datetime) -> Prices:
        """As published where the market's prices are all included, else with surcharge and VAT."""
        published = await self._published(start, end, known_at)
        return published if self._market.all_included else retail(tariff, published)

    async def _published(self, start: datetime, end: datetime, now: datetime) -> Prices:
        market, rhythm = self._market, self._market.rhythm
        is_behind_us = end <= now
        async with self._store.unit() as unit:
            whole = (start, end) if is_behind_us else (min(start, now), end + 2 * DAY)
            kept = await unit.prices.slots(market, *whole)
        slots = unbroken(kept, start, end, now)
        known = slots[-1].end if slots else start
        missing = known if known < end else now if is_behind_us else known_until(kept, end)
        return Prices(
            slots,
            known,
            market.name,
            rhythm.zone,
            market.currency,
            ends_at=missing if missing < rhythm.out_until(now - AT_LATEST) else None,
            next_at=rhythm.next_at(now) if missing >= rhythm.out_until(now) else None,
        )
