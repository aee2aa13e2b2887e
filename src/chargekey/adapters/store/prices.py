"""Published prices, kept by market."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from chargekey.adapters.store.price_tables import price_asked, published_price
from chargekey.adapters.store.published import Published
from chargekey.domain.market import Market
from chargekey.domain.tariff import ForecastSlot, PriceSlot
from chargekey.ports.prices import Asked

_PRICE = published_price.c


class KeptPrices:
    """`ports.prices.PriceLog` within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def keep(self, market: Market, slots: Sequence[PriceSlot], fetched_at: datetime) -> int:
        if not slots:
            return 0
        there = await self.slots(market, slots[0].start, slots[-1].end)
        known = set(there)
        new = [one for one in slots if one not in known]
        await self._of(market).replace(there, new, [_row(market, one, fetched_at) for one in new])
        return len(new)

    async def slots(self, market: Market, start: datetime, end: datetime) -> Sequence[PriceSlot]:
        found = await self._connection.execute(
            select(published_price)
            .where(
                _PRICE.market == market.name,
                _PRICE.currency == market.currency,
                _PRICE.ends_at > start,
                _PRICE.starts_at < end,
            )
            .order_by(_PRICE.starts_at)
        )
        return [
            (ForecastSlot if row.is_forecast else PriceSlot)(row.starts_at, row.ends_at, row.price_micro_per_kwh)
            for row in found
        ]

    async def asked(self, market: Market) -> Asked | None:
        return await self._of(market).asked()

    async def save_asked(self, market: Market, asked: Asked) -> None:
        await self._of(market).save_asked(asked)

    def _of(self, market: Market) -> Published:
        return Published(self._connection, published_price, price_asked, market.name)


def _row(market: Market, slot: PriceSlot, fetched_at: datetime) -> dict[str, object]:
    return {
        "price_micro_per_kwh": slot.price_micro_per_kwh,
        "currency": market.currency,
        "fetched_at": fetched_at,
        "is_forecast": isinstance(slot, ForecastSlot),
    }
