"""What a household with Tibber pays by the quarter hour, all included, with its own token (smart-charging §4.1).

One GraphQL question tells today and tomorrow; tomorrow is empty until about 13:00. A moment is where a slot starts, in
local time with its offset; it lasts until the next one does.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Final

import httpx2
from pydantic import BaseModel, Field

from chargekey.adapters.tariffs.asking import MICRO, Asking, Moment, Read, checked, micro
from chargekey.domain.market import Market
from chargekey.domain.secret import Secret
from chargekey.domain.tariff import PriceSlot
from chargekey.ports.faults import Puzzling, Refused

HOME: Final = "https://api.tibber.com"
QUESTION: Final = (
    "{viewer{homes{currentSubscription{priceInfo(resolution:QUARTER_HOURLY)"
    "{today{total startsAt currency}tomorrow{total startsAt currency}}}}}}"
)
LENGTHS: Final = (timedelta(hours=1), timedelta(minutes=15))


class _Price(BaseModel):
    """One slot as it is answered."""

    total: Decimal
    startsAt: Moment  # noqa: N815  the answer's own name
    currency: str


class _Info(BaseModel):
    """A home's prices."""

    today: Annotated[list[_Price], Field(max_length=200)]
    tomorrow: Annotated[list[_Price], Field(max_length=200)]


class _Subscription(BaseModel):
    priceInfo: _Info  # noqa: N815  the same


class _Home(BaseModel):
    """None: a home that Tibber does not supply."""

    currentSubscription: _Subscription | None  # noqa: N815  the same


class _Viewer(BaseModel):
    homes: Annotated[list[_Home], Field(max_length=50)]


class _Data(BaseModel):
    viewer: _Viewer


class _Answer(BaseModel):
    """What of an answer is read. Of a complaint nothing is, but that there is one."""

    data: _Data | None = None
    errors: list[object] = Field(default_factory=list)


_read: Final = Read(_Answer)


class Tibber:
    """`ports.prices.PublishedPrices`, of the first home that Tibber supplies."""

    def __init__(self, http: httpx2.AsyncClient, market: Market, key: Secret, base_url: str = "") -> None:
        self._asking, self._market, self._key = Asking(http, base_url or HOME), market, key

    async def published(self, start: datetime, end: datetime) -> tuple[PriceSlot, ...]:
        bearer = {"Authorization": f"Bearer {self._key.reveal()}"}
        body = await self._asking.post("/v1-beta/gql", {"query": QUESTION}, bearer)
        return checked(self._slots(_read(body)), start, end) if body is not None else ()

    def _slots(self, answer: _Answer) -> list[PriceSlot]:
        if answer.errors:
            raise Refused("the source has a complaint about the question")
        homes = answer.data.viewer.homes if answer.data else []
        supplied = [one.currentSubscription for one in homes if one.currentSubscription]
        if not supplied:
            raise Refused("Tibber supplies no home of this token")
        info = supplied[0].priceInfo
        prices = sorted((*info.today, *info.tomorrow), key=lambda one: one.startsAt)
        if any(one.currency != self._market.currency for one in prices):
            raise Puzzling("prices in another currency")
        return [
            PriceSlot(start, start + length, micro(one.total, MICRO))
            for one, (start, length) in zip(prices, _lengths(prices), strict=True)
        ]


def _lengths(prices: Sequence[_Price]) -> list[tuple[datetime, timedelta]]:
    """The smallest step there is, an hour or a quarter of one: a missing slot makes none longer."""
    moments = [one.startsAt.astimezone(UTC) for one in prices]
    step = min((later - one for one, later in pairwise(moments)), default=LENGTHS[-1])
    if moments and step not in LENGTHS:
        raise Puzzling("slots of another length")
    return [(one, step) for one in moments]
