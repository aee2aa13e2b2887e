"""What a household with Amber in Australia pays, by the half-hour or by five minutes, with its own token.

`GET /v1/sites` tells the token's homes; `GET /v1/sites/{id}/prices/current?previous=…&next=…&resolution=30` what was,
is and may come, in cents per kWh with all that is added (smart-charging §4.1). Of an interval `endTime` is exact, and
`startTime` lies a second late. Far ahead a half-hour comes in place of five minutes, whatever was asked for. What is
not settled is a forecast; within a day Amber adds its own, a band with `predicted` in it, better than the market's.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Final, Literal

import httpx2
from pydantic import BaseModel, Field, RootModel

from chargekey.adapters.tariffs.asking import MICRO_PER_MINOR, Asking, Moment, Read, checked, micro
from chargekey.domain.secret import Secret
from chargekey.domain.tariff import ForecastSlot, PriceSlot
from chargekey.ports.faults import Puzzling, Refused

HOME: Final = "https://api.amber.com.au"
HALF_HOURS: Final = "96"
"""Two days back and two ahead; of what lies further ahead Amber knows nothing yet."""
LATE: Final = timedelta(seconds=1)
MOST: Final = 5_000


class _Site(BaseModel):
    """A home. `id` goes into an address, so that it may be nothing but letters and digits."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,40}$")]
    status: str


class _Sites(RootModel[Annotated[list[_Site], Field(max_length=50)]]):
    """All homes of a token."""


class _Band(BaseModel):
    """Of Amber's own forecast: what it thinks likeliest."""

    predicted: Decimal


class _Interval(BaseModel):
    """One price of one channel as it is answered. `estimate`: the running one, until it is settled."""

    type: Literal["ActualInterval", "CurrentInterval", "ForecastInterval"]
    channelType: str  # noqa: N815  the answer's own names
    duration: Literal[5, 30]
    startTime: Moment  # noqa: N815  the same
    endTime: Moment  # noqa: N815  the same
    perKwh: Decimal  # noqa: N815  the same
    estimate: bool = False
    advancedPrice: _Band | None = None  # noqa: N815  the same


class _Intervals(RootModel[Annotated[list[_Interval], Field(max_length=MOST)]]):
    """What was, is and may come, of all channels."""


_read_sites, _read_intervals = Read(_Sites), Read(_Intervals)


class Amber:
    """`ports.prices.PublishedPrices`, of the first home that Amber supplies; what it buys, not what it sells."""

    def __init__(self, http: httpx2.AsyncClient, key: Secret, base_url: str = "") -> None:
        self._asking, self._key = Asking(http, base_url or HOME), key

    async def published(self, start: datetime, end: datetime) -> tuple[PriceSlot, ...]:
        bearer = {"Authorization": f"Bearer {self._key.reveal()}"}
        told = await self._asking.get("/v1/sites", {}, bearer)
        if told is None:
            return ()
        supplied = [one.id for one in _read_sites(told).root if one.status == "active"]
        if not supplied:
            raise Refused("Amber supplies no home of this token")
        asked = {"previous": HALF_HOURS, "next": HALF_HOURS, "resolution": "30"}
        body = await self._asking.get(f"/v1/sites/{supplied[0]}/prices/current", asked, bearer)
        intervals = _read_intervals(body).root if body is not None else []
        return checked([_slot(one) for one in intervals if one.channelType == "general"], start, end)


def _slot(told: _Interval) -> PriceSlot:
    end = told.endTime.astimezone(UTC)
    start = end - timedelta(minutes=told.duration)
    if told.startTime not in (start, start + LATE):
        raise Puzzling("an interval of another length than it says")
    if told.type != "ForecastInterval" and not told.estimate:
        return PriceSlot(start, end, micro(told.perKwh, MICRO_PER_MINOR))
    likely = told.advancedPrice.predicted if told.advancedPrice else told.perKwh
    return ForecastSlot(start, end, micro(likely, MICRO_PER_MINOR))
