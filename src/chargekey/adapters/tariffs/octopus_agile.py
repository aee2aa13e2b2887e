"""Half-hourly prices of Octopus Agile in Great Britain: no key for rates (smart-charging §4.1).

Pence per kWh, VAT in them as Octopus tells it (`value_inc_vat`): what the household pays, but for the standing charge.
Newest first and in pages. A page is asked for by its number: the link to the next one is not followed. A rate may stand
there twice, once for each way of paying.
"""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Final

import httpx2
from pydantic import BaseModel, Field

from chargekey.adapters.tariffs.asking import MICRO_PER_MINOR, Asking, Moment, Read, checked, micro
from chargekey.domain.market import Market
from chargekey.domain.tariff import PriceSlot
from chargekey.ports.faults import Puzzling

HOME: Final = "https://api.octopus.energy"
A_PAGE: Final = 250
MOST_PAGES: Final = 5
"""So few that all of them together end before the lease of whoever fetches does."""
TAKEN: Final = (None, "DIRECT_DEBIT")
"""How most pay, and whoever pays otherwise pays more."""


class _Rate(BaseModel):
    """One rate as it is answered. `valid_to` None: for as long as nothing else is said."""

    value_inc_vat: Decimal
    valid_from: Moment
    valid_to: Moment | None
    payment_method: str | None = None


class _Answer(BaseModel):
    """What of a page is read. `next` is looked at, and never gone to."""

    results: Annotated[list[_Rate], Field(max_length=5_000)]
    next: str | None = None


_read: Final = Read(_Answer)


class OctopusAgile:
    """`ports.prices.PublishedPrices`. The market's area is the tariff's code, as it stands on the bill."""

    def __init__(self, http: httpx2.AsyncClient, market: Market, base_url: str = "") -> None:
        self._asking, code = Asking(http, base_url or HOME), market.area
        product = code.removeprefix("E-1R-").rpartition("-")[0]
        self._path = f"/v1/products/{product}/electricity-tariffs/{code}/standard-unit-rates/"

    async def published(self, start: datetime, end: datetime) -> tuple[PriceSlot, ...]:
        asked = {"period_from": _written(start), "period_to": _written(end), "page_size": str(A_PAGE)}
        slots: list[PriceSlot] = []
        for page in range(1, MOST_PAGES + 1):
            body = await self._asking.get(self._path, {**asked, "page": str(page)})
            answer = _read(body) if body is not None else _Answer(results=[])
            asked_for = [one for one in answer.results if one.valid_from < end]
            slots += [_slot(one, end) for one in asked_for if one.payment_method in TAKEN]
            if answer.next is None:
                return checked(slots, start, end)
        raise Puzzling("its pages do not end")


def _slot(rate: _Rate, end: datetime) -> PriceSlot:
    start, until = rate.valid_from.astimezone(UTC), rate.valid_to.astimezone(UTC) if rate.valid_to else None
    return PriceSlot(start, until or end, micro(rate.value_inc_vat, MICRO_PER_MINOR))


def _written(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
