"""A tariff typed in by the driver: nothing to fetch."""

from datetime import datetime

from chargekey.domain.tariff import Prices, TimeOfUseTariff, prices


class TimeOfUsePrices:
    """Always known, as far ahead as anybody asks. `zone` is where the driver's clock hangs."""

    def __init__(self, zone: str) -> None:
        self._zone = zone

    async def prices(self, tariff: TimeOfUseTariff, start: datetime, end: datetime, known_at: datetime) -> Prices:
        """A slot for each time the price changes. `known_at` changes nothing."""
        return prices(tariff, start, end, self._zone)
