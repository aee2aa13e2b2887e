"""The one door to prices: picks the source by the kind of tariff."""

from datetime import datetime
from typing import Protocol

from chargekey.adapters.tariffs.flat import FlatPrices
from chargekey.adapters.tariffs.time_of_use import TimeOfUsePrices
from chargekey.domain.market import Market
from chargekey.domain.tariff import DayAheadTariff, FlatTariff, Prices, Tariff, TimeOfUseTariff, none_to_be_had


class DayAhead(Protocol):
    """Prices by the hour of one market."""

    @property
    def market(self) -> Market: ...

    async def prices(self, tariff: DayAheadTariff, start: datetime, end: datetime, known_at: datetime) -> Prices: ...


class TariffsByKind:
    """`ports.tariffs.Tariffs`: a source for each kind of tariff a driver may have."""

    def __init__(self, flat: FlatPrices, time_of_use: TimeOfUsePrices, day_ahead: DayAhead) -> None:
        self._flat = flat
        self._time_of_use = time_of_use
        self._day_ahead = day_ahead

    @property
    def market(self) -> Market:
        return self._day_ahead.market

    async def prices(self, tariff: Tariff, start: datetime, end: datetime, known_at: datetime) -> Prices:
        """What the driver pays from `start` up to `end`, as far as anybody knew at `known_at`.

        A day-ahead tariff typed in for a market of another currency has no price in this one.
        """
        match tariff:
            case FlatTariff():
                return await self._flat.prices(tariff, start, end, known_at)
            case TimeOfUseTariff():
                return await self._time_of_use.prices(tariff, start, end, known_at)
            case DayAheadTariff() if tariff.currency != self.market.currency:
                return none_to_be_had(start, self.market.name, self.market.rhythm.zone, tariff.currency)
            case DayAheadTariff():
                return await self._day_ahead.prices(tariff, start, end, known_at)
