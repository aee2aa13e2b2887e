"""What power costs, and when."""

from datetime import datetime
from typing import Protocol

from chargekey.domain.tariff import Prices, Tariff


class Tariffs(Protocol):
    """Price sources behind one question."""

    async def prices(self, tariff: Tariff, start: datetime, end: datetime, known_at: datetime) -> Prices:
        """Quarter-hour prices from `start` on, as far as `end` or as far as they were published by `known_at`.

        `Prices.ends_at` says where the source itself ends: a price beyond it may be neither waited for nor promised.
        """
