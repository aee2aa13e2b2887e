"""What an hour costs with ComEd's hourly pricing in Illinois: no key (smart-charging §4.1).

`GET /api?type=5minutefeed&datestart=…&dateend=…` on Chicago's clock, both ends with it, answers a price for each five
minutes that are over, newest first, in cents per kWh; numbers and milliseconds are strings. A moment is where its five
minutes end: the documented example asks for the twelve of an hour as 11:05 to 12:00. An hour costs what they do on
average. Nothing is told ahead: what the running hour costs so far stands for it and for the next one, as a forecast.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import httpx2
from pydantic import BaseModel, Field, RootModel

from chargekey.adapters.tariffs.asking import MICRO_PER_MINOR, Asking, Read, checked, micro
from chargekey.domain.market import Market
from chargekey.domain.tariff import ForecastSlot, PriceSlot
from chargekey.ports.faults import Puzzling

HOME: Final = "https://hourlypricing.comed.com"
HOUR, FIVE_MINUTES = timedelta(hours=1), timedelta(minutes=5)
AN_HOUR: Final = 12
MS: Final = 1000
Moment = Annotated[int, Field(ge=946_684_800_000, le=4_102_444_800_000)]  # from 2000 to 2100


class _Row(BaseModel):
    """Five minutes as they are answered."""

    millisUTC: Moment  # noqa: N815  the answer's own name
    price: Decimal


class _Answer(RootModel[Annotated[list[_Row], Field(max_length=5_000)]]):
    """All that was asked for, as far as it is over."""


_read: Final = Read(_Answer)


class Comed:
    """`ports.prices.PublishedPrices`: the price of power alone, to which delivery and taxes add."""

    def __init__(self, http: httpx2.AsyncClient, market: Market, base_url: str = "") -> None:
        self._asking, self._zone = Asking(http, base_url or HOME), ZoneInfo(market.rhythm.zone)

    async def published(self, start: datetime, end: datetime) -> tuple[PriceSlot, ...]:
        asked = {"type": "5minutefeed", "datestart": self._written(start), "dateend": self._written(end)}
        body = await self._asking.get("/api", asked)
        return checked(list(_by_the_hour(_read(body).root)), start, end) if body is not None else ()

    def _written(self, at: datetime) -> str:
        return at.astimezone(self._zone).strftime("%Y%m%d%H%M")


def _by_the_hour(rows: list[_Row]) -> Iterator[PriceSlot]:
    """An hour with less than its twelve prices is a forecast of what it costs."""
    hours: dict[datetime, dict[datetime, Decimal]] = defaultdict(dict)
    for row in rows:
        ends = datetime.fromtimestamp(row.millisUTC // MS, UTC)
        begins = ends - FIVE_MINUTES
        hour = hours[begins.replace(minute=0, second=0, microsecond=0)]
        if ends.minute % 5 or ends.second or hour.setdefault(ends, row.price) != row.price:
            raise Puzzling("a price of another stretch than five minutes, or two for one")
    for begins, prices in hours.items():
        kind = PriceSlot if len(prices) == AN_HOUR else ForecastSlot
        yield kind(begins, begins + HOUR, _mean(prices))
    if hours:
        last = max(hours)
        yield ForecastSlot(last + HOUR, last + 2 * HOUR, _mean(hours[last]))


def _mean(prices: Mapping[datetime, Decimal]) -> int:
    """Of what each may be: a number out of all bounds is none to reckon with."""
    return micro(Decimal(sum(micro(one, MICRO_PER_MINOR) for one in prices.values())) / len(prices), 1)
