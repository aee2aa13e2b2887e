"""Day-ahead prices of Nord Pool's areas from its data portal: no key (smart-charging §4.1).

`GET /api/DayAheadPrices?market=DayAhead&date=…&deliveryArea=SE3&currency=EUR` answers one day of Central European time,
per MWh; 204 where it is not out.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Final

import httpx2
from pydantic import BaseModel, Field

from chargekey.adapters.tariffs.asking import MICRO_PER_MWH, Asking, Moment, Read, checked, micro
from chargekey.domain.market import Market
from chargekey.domain.tariff import PriceSlot
from chargekey.ports.faults import Puzzling

HOME: Final = "https://dataportal-api.nordpoolgroup.com"
LONGEST: Final = timedelta(hours=1)


class _Entry(BaseModel):
    """One slot as it is answered, with a price for each area that was asked for."""

    deliveryStart: Moment  # noqa: N815  the answer's own names
    deliveryEnd: Moment  # noqa: N815  the same
    entryPerArea: dict[str, Decimal | None]  # noqa: N815  the same


class _Answer(BaseModel):
    """What of an answer is read."""

    currency: str
    multiAreaEntries: Annotated[list[_Entry], Field(max_length=200)]  # noqa: N815  the same


_read: Final = Read(_Answer)


class NordPool:
    """`ports.prices.PublishedPrices`."""

    def __init__(self, http: httpx2.AsyncClient, market: Market, base_url: str = "") -> None:
        self._asking, self._market = Asking(http, base_url or HOME), market

    async def published(self, start: datetime, end: datetime) -> tuple[PriceSlot, ...]:
        slots: list[PriceSlot] = []
        day = self._market.rhythm.day_begins(start)
        while day < end:
            slots += await self._day(day)
            day = self._market.rhythm.day_begins(day, 1)
        return checked(slots, start, end)

    async def _day(self, begins: datetime) -> list[PriceSlot]:
        area, currency = self._market.area, self._market.currency
        date = self._market.rhythm.date_of(begins).isoformat()
        asked = {"market": "DayAhead", "date": date, "deliveryArea": area, "currency": currency}
        body = await self._asking.get("/api/DayAheadPrices", asked)
        if body is None:
            return []
        answer = _read(body)
        if answer.currency != currency:
            raise Puzzling("prices in another currency")
        priced = [(one, one.entryPerArea.get(area)) for one in answer.multiAreaEntries]
        return [_slot(one, price) for one, price in priced if price is not None]


def _slot(entry: _Entry, price: Decimal) -> PriceSlot:
    start, end = entry.deliveryStart.astimezone(UTC), entry.deliveryEnd.astimezone(UTC)
    if end - start > LONGEST:
        raise Puzzling("a slot of another length")
    return PriceSlot(start, end, micro(price, MICRO_PER_MWH))
