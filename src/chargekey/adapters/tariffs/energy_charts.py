"""Day-ahead prices of Europe's bidding zones from Energy-Charts (Fraunhofer ISE): no key (smart-charging §4.1).

`GET /price?bzn=NL&start=…&end=…`, by days, answers `unix_seconds` and `price` side by side, in EUR per MWh. A moment is
where a slot starts. Where it ends is not said, so that its length is told from its neighbours: an hour until
2025-10-01, a quarter of one since.
"""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Final

import httpx2
from pydantic import BaseModel, Field

from chargekey.adapters.tariffs.asking import MICRO_PER_MWH, Asking, Read, checked, micro
from chargekey.domain.market import Market
from chargekey.domain.tariff import DAY, PriceSlot
from chargekey.ports.faults import Puzzling

HOME: Final = "https://api.energy-charts.info"
UNIT: Final = "eur/mwh"
LENGTHS_S: Final = (3600, 900)
MOST: Final = 5_000
Moment = Annotated[int, Field(ge=946_684_800, le=4_102_444_800)]  # from 2000 to 2100


class _Answer(BaseModel):
    """What of an answer is read."""

    unix_seconds: Annotated[list[Moment], Field(max_length=MOST)]
    price: Annotated[list[Decimal | None], Field(max_length=MOST)]
    unit: str


_read: Final = Read(_Answer)


class EnergyCharts:
    """`ports.prices.PublishedPrices`."""

    def __init__(self, http: httpx2.AsyncClient, market: Market, base_url: str = "") -> None:
        self._asking, self._market = Asking(http, base_url or HOME), market

    async def published(self, start: datetime, end: datetime) -> tuple[PriceSlot, ...]:
        asked = {"bzn": self._market.area, "start": _day(start), "end": _day(end + DAY)}
        body = await self._asking.get("/price", asked)
        return checked(_slots(_read(body)), start, end) if body is not None else ()


def _slots(answer: _Answer) -> list[PriceSlot]:
    moments = answer.unix_seconds
    if len(moments) != len(answer.price):
        raise Puzzling("not as many prices as moments")
    if "".join(answer.unit.split()).lower() != UNIT:
        raise Puzzling("prices in another unit than EUR per MWh")
    if any(one >= other for one, other in pairwise(moments)):
        raise Puzzling("moments that do not go forward")
    return [
        PriceSlot(_moment(at), _moment(at + _length_s(moments, number)), micro(price, MICRO_PER_MWH))
        for number, (at, price) in enumerate(zip(moments, answer.price, strict=True))
        if price is not None
    ]


def _length_s(moments: list[int], number: int) -> int:
    """No longer than to either neighbour: a hole beside it must not be taken for its length."""
    before = moments[number] - moments[number - 1] if number else LENGTHS_S[0]
    after = moments[number + 1] - moments[number] if number + 1 < len(moments) else LENGTHS_S[0]
    room = min(before, after) if len(moments) > 1 else LENGTHS_S[-1]
    return next((length for length in LENGTHS_S if length <= room), room)


def _moment(unix_s: int) -> datetime:
    return datetime.fromtimestamp(unix_s, UTC)


def _day(at: datetime) -> str:
    """Asked by whole days, and with a day to spare, so that it is all one on which clock a day begins there."""
    return at.astimezone(UTC).date().isoformat()
