"""The one door to prices: picks the source by the kind of tariff."""

from datetime import datetime

from chargekey.adapters.tariffs.bundled_day_ahead import BundledDayAhead
from chargekey.adapters.tariffs.flat import FlatPrices
from chargekey.adapters.tariffs.time_of_use import TimeOfUsePrices
from chargekey.domain.tariff import DayAheadTariff, FlatTariff, Prices, Tariff, TimeOfUseTariff


class TariffsByKind:
    """A source for each kind of tariff a driver may have."""

    def __init__(self, flat: FlatPrices, time_of_use: TimeOfUsePrices, day_ahead: BundledDayAhead) -> None:
        self._flat = flat
        self._time_of_use = time_of_use
        self._day_ahead = day_ahead

    async def prices(self, tariff: Tariff, start: datetime, end: datetime, known_at: datetime) -> Prices:
        """What the driver pays from `start` up to `end`, as far as anybody knew at `known_at`."""
        match tariff:
            case FlatTariff():
                return await self._flat.prices(tariff, start, end, known_at)
            case TimeOfUseTariff():
                return await self._time_of_use.prices(tariff, start, end, known_at)
            case DayAheadTariff():
                return await self._day_ahead.prices(tariff, start, end, known_at)
