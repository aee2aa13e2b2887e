"""What power costs, and when."""

from datetime import datetime
from typing import Protocol

from chargekey.domain.market import Market
from chargekey.domain.tariff import Prices, Tariff


class Tariffs(Protocol):
    """Price sources behind one question. Nothing here waits for the network: it answers from what is kept."""

    @property
    def market(self) -> Market:
        """Where this home's prices by the hour come from; its currency is the home's."""

    async def prices(self, tariff: Tariff, start: datetime, end: datetime, known_at: datetime) -> Prices:
        """Quarter-hour prices from `start` on, as far as `end` or as far as they were published by `known_at`.

        `Prices.ends_at` says where the source itself ends: a price beyond it may be neither waited for nor promised.
        """
