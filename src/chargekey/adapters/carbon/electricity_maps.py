"""Carbon intensity of a zone by the hour from Electricity Maps, with a key (smart-charging §4.1).

`GET /v3/carbon-intensity/history?zone=DE` answers the last 24 hours, `…/forecast?zone=DE` those ahead, with the key in
the header `auth-token`. A moment is where its hour starts. A free key has no forecast: then only what is behind us is
known, and no plan can go by it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Final

import httpx2
from pydantic import BaseModel, Field

from chargekey.adapters.carbon.grams import checked, grams
from chargekey.adapters.tariffs.asking import Asking, Moment, Read
from chargekey.domain.carbon import CarbonSlot, Region
from chargekey.domain.secret import Secret
from chargekey.ports.faults import Puzzling, Refused

HOME: Final = "https://api.electricitymaps.com"
HOUR: Final = timedelta(hours=1)
MOST: Final = 500


class _Hour(BaseModel):
    """An hour as it is answered."""

    carbonIntensity: Decimal | None  # noqa: N815  the answer's own name
    datetime: Moment


class _History(BaseModel):
    """What of an answer about the past is read."""

    zone: str
    history: Annotated[list[_Hour], Field(max_length=MOST)]


class _Forecast(BaseModel):
    """What of an answer about what is ahead is read."""

    zone: str
    forecast: Annotated[list[_Hour], Field(max_length=MOST)]


_read_history, _read_forecast = Read(_History), Read(_Forecast)


class ElectricityMaps:
    """`ports.carbon.PublishedCarbon`. Where past and forecast tell of one hour, the past does."""

    def __init__(self, http: httpx2.AsyncClient, region: Region, key: Secret, base_url: str = "") -> None:
        self._asking, self._zone, self._key = Asking(http, base_url or HOME), region.area, key

    async def published(self, start: datetime, end: datetime) -> tuple[CarbonSlot, ...]:
        was = await self._history()
        ahead = await self._forecast()
        begun = {one.start for one in was}
        return checked([*was, *(one for one in ahead if one.start not in begun)], start, end)

    async def _history(self) -> list[CarbonSlot]:
        body = await self._get("history")
        if body is None:
            return []
        answer = _read_history(body)
        return _slots(self._own(answer.zone, answer.history), is_forecast=False)

    async def _forecast(self) -> list[CarbonSlot]:
        try:
            body = await self._get("forecast")
        except Refused:  # the key was good enough for the past: it is one without a forecast
            return []
        if body is None:
            return []
        answer = _read_forecast(body)
        return _slots(self._own(answer.zone, answer.forecast), is_forecast=True)

    async def _get(self, what: str) -> bytes | None:
        header = {"auth-token": self._key.reveal()}
        return await self._asking.get(f"/v3/carbon-intensity/{what}", {"zone": self._zone}, header)

    def _own(self, zone: str, hours: Sequence[_Hour]) -> Sequence[_Hour]:
        if zone != self._zone:
            raise Puzzling("the intensity of another zone")
        return hours


def _slots(hours: Sequence[_Hour], *, is_forecast: bool) -> list[CarbonSlot]:
    told = [(one.datetime.astimezone(UTC), one.carbonIntensity) for one in hours]
    return [CarbonSlot(at, at + HOUR, grams(g), is_forecast) for at, g in told if g is not None]
