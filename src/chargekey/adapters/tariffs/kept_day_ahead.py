"""Prices by the hour out of what was published and kept: asking never waits for the network.

Rules of this room:

1. Who is late is not waited for for ever: `AT_LATEST` after the hour at which prices should be out, what is missing is
   promised no more.
2. Nothing kept, or kept too long ago, is no price: it is neither guessed nor carried on.
3. What a source forecasts is gone by as a forecast, and for `FRESH` alone: it is made anew all day.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from chargekey.domain.market import Market
from chargekey.domain.published import certain_until, known_until, unbroken
from chargekey.domain.tariff import DAY, DayAheadTariff, ForecastSlot, Prices, PriceSlot, retail
from chargekey.ports.store import Store, Unit

AT_LATEST: Final = timedelta(hours=6)
"""On the few days on which Europe's auction is repeated it is some hours late; Agile's rates may take an evening."""

FRESH: Final = timedelta(hours=2)
"""Four turns of a source that is asked each half-hour."""


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
            kept = await self._fresh(unit, await unit.prices.slots(market, *whole), now)
        slots = unbroken(kept, start, end, now)
        known = certain_until(slots, now) or start
        missing = known if known < end else now if is_behind_us else known_until(kept, end)
        return Prices(
            slots,
            known,
            market.name,
            rhythm.zone,
            market.currency,
            ends_at=missing if missing < rhythm.given_up_until(now, AT_LATEST) else None,
            next_at=rhythm.next_at(now) if missing >= rhythm.out_until(now) else None,
        )

    async def _fresh(self, unit: Unit, kept: Sequence[PriceSlot], now: datetime) -> Sequence[PriceSlot]:
        """Without what was forecast before the source fell silent, but for what is behind us."""
        if not any(isinstance(one, ForecastSlot) and one.end > now for one in kept):
            return kept
        asked = await unit.prices.asked(self._market)
        if asked and asked.got_at and asked.got_at >= now - FRESH:
            return kept
        return [one for one in kept if one.end <= now or not isinstance(one, ForecastSlot)]
