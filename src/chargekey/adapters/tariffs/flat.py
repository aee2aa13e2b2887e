"""A tariff with one price: nothing to fetch."""

from datetime import datetime

from chargekey.domain.tariff import FlatTariff, Prices, prices


class FlatPrices:
    """Always known, as far ahead as anybody asks. `zone` is only written beside the prices."""

    def __init__(self, zone: str) -> None:
        self._zone = zone

    async def prices(self, tariff: FlatTariff, start: datetime, end: datetime, known_at: datetime) -> Prices:
        """One slot. `known_at` changes nothing."""
        return prices(tariff, start, end, self._zone)
