"""Dutch day-ahead prices of 2023 and 2024, shipped with Chargekey (see data/README.md).

Nobody knows tomorrow before the auction: prices of a delivery day show from 13:00 in Amsterdam on the day before.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from importlib.resources import files
from typing import Final, Self

from chargekey.domain.market import BUNDLED, Market
from chargekey.domain.tariff import DayAheadTariff, Prices, PriceSlot, retail

SOURCE: Final = "ENTSO-E day-ahead NL, bundled"
HOUR: Final = timedelta(hours=1)
MICRO_PER_KWH: Final = 1_000
"""One EUR/MWh in micro-euros per kWh."""


class BundledDayAhead:
    """Wholesale prices by hour, and what a driver with a day-ahead tariff pays."""

    def __init__(self, hours: Mapping[datetime, int]) -> None:
        """`hours`: micro-euros per kWh by UTC hour, without a gap."""
        self._hours = hours
        self._first = min(hours)
        self._end = max(hours) + HOUR

    @classmethod
    def shipped(cls) -> Self:
        """Read the file beside this module."""
        text = (files(__package__) / "data" / "day_ahead_nl_2023_2024.csv").read_text("ascii")
        return cls(dict(_read(text.splitlines())))

    @property
    def market(self) -> Market:
        """The Dutch one, as it was."""
        return BUNDLED

    @property
    def span(self) -> tuple[datetime, datetime]:
        """The first moment with a price, and the moment at which prices end."""
        return self._first, self._end

    def wholesale(self, start: datetime, end: datetime, known_at: datetime) -> Prices:
        """What the exchange asked from `start` up to `end`, as far as it was published at `known_at`.

        May begin later and end earlier, or be empty: outside the shipped years, and before publication. Beyond the
        shipped years nothing ever comes out, and `ends_at` says so.
        """
        begin, stop = max(start, self._first), min(end, self._end, BUNDLED.rhythm.out_until(known_at))
        hour = begin.replace(minute=0, second=0, microsecond=0)
        slots = []
        while hour < stop:
            slots.append(PriceSlot(max(hour, begin), min(hour + HOUR, stop), self._hours[hour]))
            hour += HOUR
        known_until = slots[-1].end if slots else start
        rhythm = BUNDLED.rhythm
        next_at = rhythm.next_at(known_at)
        return Prices(tuple(slots), known_until, SOURCE, rhythm.zone, BUNDLED.currency, self._end, next_at)

    async def prices(self, tariff: DayAheadTariff, start: datetime, end: datetime, known_at: datetime) -> Prices:
        """What the driver pays: `wholesale`, surcharge and VAT."""
        return retail(tariff, self.wholesale(start, end, known_at))


def _read(lines: Iterable[str]) -> Iterable[tuple[datetime, int]]:
    """One delivery day a line: its first hour in UTC, then EUR/MWh hour by hour."""
    for line in lines:
        if line.startswith("#"):
            continue
        first, *prices = line.split(",")
        start = datetime.fromisoformat(first)
        for number, price in enumerate(prices):
            yield start + number * HOUR, int(Decimal(price) * MICRO_PER_KWH)
