"""Great Britain's carbon intensity by the half-hour, of the whole or of a region: no key (smart-charging §4.1).

`GET /intensity/{from}/fw48h` answers 48 hours of the whole, with what was measured once that is known;
`GET /regional/intensity/{from}/fw48h/regionid/{1 to 17}` those of a region, which is only ever forecast. Moments are
UTC without seconds, and the first half-hour may have begun before the question's moment.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Final

import httpx2
from pydantic import BaseModel, Field

from chargekey.adapters.carbon.grams import checked, grams
from chargekey.adapters.tariffs.asking import Asking, Moment, Read
from chargekey.domain.carbon import CarbonSlot, Region
from chargekey.ports.faults import Puzzling

HOME: Final = "https://api.carbonintensity.org.uk"
WHOLE: Final = "GB"
HALF_HOUR: Final = timedelta(minutes=30)
MOST: Final = 500


class _Told(BaseModel):
    """What is said of a half-hour. None: nothing."""

    forecast: Decimal | None = None
    actual: Decimal | None = None


class _HalfHour(BaseModel):
    """A half-hour as it is answered."""

    begins: Moment = Field(alias="from")
    ends: Moment = Field(alias="to")
    intensity: _Told


class _Whole(BaseModel):
    """What of an answer for the whole is read."""

    data: Annotated[list[_HalfHour], Field(max_length=MOST)]


class _OfRegion(BaseModel):
    """What of an answer for a region is read: its half-hours lie a floor deeper."""

    data: _Whole


_read_whole, _read_region = Read(_Whole), Read(_OfRegion)


class GbCarbon:
    """`ports.carbon.PublishedCarbon`. It answers 48 hours from the first moment on, whatever the last one is."""

    def __init__(self, http: httpx2.AsyncClient, region: Region, base_url: str = "") -> None:
        self._asking, self._area = Asking(http, base_url or HOME), region.area

    async def published(self, start: datetime, end: datetime) -> tuple[CarbonSlot, ...]:
        begins = start.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
        path = f"/intensity/{begins}/fw48h"
        if self._area == WHOLE:
            body = await self._asking.get(path, {})
            told = _read_whole(body).data if body is not None else []
        else:
            body = await self._asking.get(f"/regional{path}/regionid/{self._area}", {})
            told = _read_region(body).data.data if body is not None else []
        return checked([slot for one in told if (slot := _slot(one))], start, end)


def _slot(told: _HalfHour) -> CarbonSlot | None:
    start, end = told.begins.astimezone(UTC), told.ends.astimezone(UTC)
    if end - start != HALF_HOUR:
        raise Puzzling("a slot of another length")
    if told.intensity.actual is not None:
        return CarbonSlot(start, end, grams(told.intensity.actual))
    if told.intensity.forecast is not None:
        return CarbonSlot(start, end, grams(told.intensity.forecast), is_forecast=True)
    return None
