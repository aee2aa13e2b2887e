"""What power costs, and when."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from chargekey.domain.market import Market
from chargekey.domain.tariff import Prices, Tariff


class Tariffs(Protocol):
    """Price sources behind one question. Nothing here waits for the network: it answers from what is kept."""

    @property
    def markets(self) -> Sequence[Market]:
        """Whose prices by the hour a driver may go by here, at least one; the first is the home's own."""

    async def prices(self, tariff: Tariff, start: datetime, end: datetime, known_at: datetime) -> Prices:
        """Quarter-hour prices from `start` on, as far as `end` or as far as they were published by `known_at`.

        `Prices.ends_at` says where the source itself ends: a price beyond it may be neither waited for nor promised.
        """
