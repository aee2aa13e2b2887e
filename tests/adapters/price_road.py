"""The road to a source of prices, for tests of its adapters: what was asked, and answers in the documented shapes."""

import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import httpx2

from chargekey.adapters.tariffs.sources import source_of
from chargekey.domain.market import market
from chargekey.domain.secret import Secret
from chargekey.domain.tariff import PriceSlot
from chargekey.ports.prices import PublishedPrices

BASE: Final = "https://prices.example/api"
Answer = httpx2.Response | Exception | Callable[[httpx2.Request], httpx2.Response]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


START, END = utc("2026-01-09T23:00"), utc("2026-01-10T23:00")


@dataclass
class Road:
    """One source, and all that it was asked."""

    source: PublishedPrices
    asked: list[httpx2.Request] = field(default_factory=list)

    async def brings(self, start: datetime = START, end: datetime = END) -> Sequence[PriceSlot]:
        return await self.source.published(start, end)


@asynccontextmanager
async def a_road(name: str, *answers: Answer, key: str = "") -> AsyncIterator[Road]:
    """To the market of that name; each question gets the next answer, the last one for ever."""
    asked: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        said = answers[min(len(asked), len(answers)) - 1]
        if isinstance(said, Exception):
            raise said
        return said if isinstance(said, httpx2.Response) else said(request)

    async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer), follow_redirects=True) as http:
        yield Road(source_of(http, market(name), BASE, Secret(key)), asked)


def says(body: Mapping[str, object]) -> httpx2.Response:
    return httpx2.Response(200, json=body)


def says_text(body: str | bytes, kind: str = "application/json") -> httpx2.Response:
    return httpx2.Response(200, content=body, headers={"content-type": kind})


def written(body: Mapping[str, object]) -> str:
    return json.dumps(body)


def prices_of(slots: Sequence[PriceSlot]) -> list[int]:
    return [one.price_micro_per_kwh for one in slots]
