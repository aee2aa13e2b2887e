"""Day-ahead prices of Germany and Austria from aWATTar: no key (smart-charging §4.1).

`GET /v1/marketdata?start=…&end=…` in milliseconds; without them it answers the next 24 hours alone.
"""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Final

import httpx2
from pydantic import BaseModel, Field

from chargekey.adapters.tariffs.asking import MICRO_PER_MWH, Asking, Read, checked, micro
from chargekey.domain.market import Market
from chargekey.domain.tariff import PriceSlot
from chargekey.ports.faults import Puzzling

HOMES: Final = {"DE": "https://api.awattar.de", "AT": "https://api.awattar.at"}
UNIT: Final = "eur/mwh"
MS: Final = 1000
Moment = Annotated[int, Field(ge=946_684_800_000, le=4_102_444_800_000)]  # from 2000 to 2100


class _Row(BaseModel):
    """One slot as it is answered."""

    start_timestamp: Moment
    end_timestamp: Moment
    marketprice: Decimal
    unit: str


class _Answer(BaseModel):
    """What of an answer is read."""

    data: Annotated[list[_Row], Field(max_length=5_000)]


_read: Final = Read(_Answer)


class Awattar:
    """`ports.prices.PublishedPrices`."""

    def __init__(self, http: httpx2.AsyncClient, market: Market, base_url: str = "") -> None:
        self._asking = Asking(http, base_url or HOMES[market.area])

    async def published(self, start: datetime, end: datetime) -> tuple[PriceSlot, ...]:
        asked = {"start": str(int(start.timestamp()) * MS), "end": str(int(end.timestamp()) * MS)}
        body = await self._asking.get("/v1/marketdata", asked)
        return checked([_slot(one) for one in _read(body).data], start, end) if body is not None else ()


def _slot(row: _Row) -> PriceSlot:
    if "".join(row.unit.split()).lower() != UNIT:
        raise Puzzling("prices in another unit than EUR per MWh")
    return PriceSlot(_moment(row.start_timestamp), _moment(row.end_timestamp), micro(row.marketprice, MICRO_PER_MWH))


def _moment(unix_ms: int) -> datetime:
    return datetime.fromtimestamp(unix_ms // MS, UTC)
