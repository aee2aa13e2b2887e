"""Prices that somebody publishes: asked for over the network, and kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chargekey.domain.market import Market
from chargekey.domain.tariff import PriceSlot


class PublishedPrices(Protocol):
    """One source, for one market."""

    async def published(self, start: datetime, end: datetime) -> Sequence[PriceSlot]:
        """What is out between, in order and without overlap, in the market's currency; empty: nothing yet.

        Hours that the source left out are left out. Raises a `Fault`: nothing was changed by asking, so every one may
        be asked again.
        """


@dataclass(frozen=True, slots=True)
class Asked:
    """How it goes with asking. `tries`: how often in a row it brought less than was due.

    `trouble`: the last question's fault by name. `got_at` None: it never brought anything.
    """

    at: datetime
    got_at: datetime | None
    tries: int
    trouble: str


class PriceLog(Protocol):
    """What was published, by market."""

    async def keep(self, market: Market, slots: Sequence[PriceSlot], fetched_at: datetime) -> int:
        """Add, in place of kept slots that they overlap; what is kept already stays. Returns how many are new."""

    async def slots(self, market: Market, start: datetime, end: datetime) -> Sequence[PriceSlot]:
        """All that touch the span, whole and in order; with holes where nothing was published."""

    async def asked(self, market: Market) -> Asked | None:
        """None: it was never asked."""

    async def save_asked(self, market: Market, asked: Asked) -> None:
        """In place of what was there."""
