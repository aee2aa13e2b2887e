"""Published prices, kept by market."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from chargekey.adapters.store.price_tables import price_asked, published_price
from chargekey.adapters.store.upsert import adding
from chargekey.domain.market import Market
from chargekey.domain.tariff import ForecastSlot, PriceSlot
from chargekey.ports.prices import Asked

_PRICE, _ASKED = published_price.c, price_asked.c


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
        gone = [old.start for old in there if any(old.start < one.end and one.start < old.end for one in new)]
        for start in gone:
            await self._connection.execute(
                delete(published_price).where(_PRICE.market == market.name, _PRICE.starts_at == start)
            )
        if new:
            added = adding(self._connection, published_price)  # two who ask at once bring the same
            same = [_PRICE.market, _PRICE.starts_at]
            names = ("ends_at", "price_micro_per_kwh", "currency", "fetched_at", "is_forecast")
            values = {name: added.excluded[name] for name in names}
            rows = [_row(market, one, fetched_at) for one in new]
            await self._connection.execute(added.on_conflict_do_update(index_elements=same, set_=values), rows)
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
        query = select(price_asked).where(_ASKED.market == market.name)
        row = (await self._connection.execute(query)).one_or_none()
        return Asked(row.at, row.got_at, row.tries, row.trouble) if row else None

    async def save_asked(self, market: Market, asked: Asked) -> None:
        row = {"at": asked.at, "got_at": asked.got_at, "tries": asked.tries, "trouble": asked.trouble[:40]}
        added = adding(self._connection, price_asked).values(market=market.name, **row)
        await self._connection.execute(added.on_conflict_do_update(index_elements=[_ASKED.market], set_=row))


def _row(market: Market, slot: PriceSlot, fetched_at: datetime) -> dict[str, object]:
    return {
        "market": market.name,
        "starts_at": slot.start,
        "ends_at": slot.end,
        "price_micro_per_kwh": slot.price_micro_per_kwh,
        "currency": market.currency,
        "fetched_at": fetched_at,
        "is_forecast": isinstance(slot, ForecastSlot),
    }
