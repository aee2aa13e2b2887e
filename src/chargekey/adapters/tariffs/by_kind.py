"""The one door to prices: picks the source by the kind of tariff, and by its market."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from chargekey.adapters.tariffs.flat import FlatPrices
from chargekey.adapters.tariffs.time_of_use import TimeOfUsePrices
from chargekey.domain.market import Market, market_of
from chargekey.domain.tariff import DayAheadTariff, FlatTariff, Prices, Tariff, TimeOfUseTariff, none_to_be_had


class DayAhead(Protocol):
    """Prices by the hour of one market."""

    @property
    def market(self) -> Market: ...

    async def prices(self, tariff: DayAheadTariff, start: datetime, end: datetime, known_at: datetime) -> Prices: ...


class TariffsByKind:
    """`ports.tariffs.Tariffs`: a source for each kind of tariff a driver may have, and for each market."""

    def __init__(self, flat: FlatPrices, time_of_use: TimeOfUsePrices, *day_ahead: DayAhead) -> None:
        """`day_ahead`: one for each market, the home's own first."""
        self._flat = flat
        self._time_of_use = time_of_use
        self._day_ahead = {one.market: one for one in day_ahead}

    @property
    def markets(self) -> Sequence[Market]:
        return tuple(self._day_ahead)

    async def prices(self, tariff: Tariff, start: datetime, end: datetime, known_at: datetime) -> Prices:
        """What the driver pays from `start` up to `end`, as far as anybody knew at `known_at`.

        A day-ahead tariff typed in for a market that is none of the home's, or for another currency, has no price.
        """
        match tariff:
            case FlatTariff():
                return await self._flat.prices(tariff, start, end, known_at)
            case TimeOfUseTariff():
                return await self._time_of_use.prices(tariff, start, end, known_at)
            case DayAheadTariff():
                return await self._by_the_hour(tariff, start, end, known_at)

    async def _by_the_hour(self, tariff: DayAheadTariff, start: datetime, end: datetime, known_at: datetime) -> Prices:
        market = market_of(tariff, self.markets)
        if market is None:
            own = self.markets[0]
            return none_to_be_had(start, tariff.market or own.name, own.rhythm.zone, tariff.currency)
        return await self._day_ahead[market].prices(tariff, start, end, known_at)
