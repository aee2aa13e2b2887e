"""Dutch day-ahead prices of 2023 and 2024, shipped with Chargekey (see data/README.md).

Nobody knows tomorrow before the auction: prices of a delivery day show from 13:00 in Amsterdam on the day
before. (The exchange publishes between 12:45 and 13:00; later on the few days when the auction is repeated.)
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from importlib.resources import files
from typing import Final, Self
from zoneinfo import ZoneInfo

from chargekey.domain.tariff import DayAheadTariff, Prices, PriceSlot, retail

ZONE: Final = "Europe/Amsterdam"
SOURCE: Final = "ENTSO-E day-ahead NL, bundled"
PUBLISHED_AT: Final = time(13, 0)
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
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
    def span(self) -> tuple[datetime, datetime]:
        """The first moment with a price, and the moment at which prices end."""
        return self._first, self._end

    def wholesale(self, start: datetime, end: datetime, known_at: datetime) -> Prices:
        """What the exchange asked from `start` up to `end`, as far as it was published at `known_at`.

        May begin later and end earlier, or be empty: outside the shipped years, and before publication. Beyond the
        shipped years nothing ever comes out, and `ends_at` says so.
        """
        begin, stop = max(start, self._first), min(end, self._end, published_until(known_at))
        hour = begin.replace(minute=0, second=0, microsecond=0)
        slots = []
        while hour < stop:
            slots.append(PriceSlot(max(hour, begin), min(hour + HOUR, stop), self._hours[hour]))
            hour += HOUR
        known_until = slots[-1].end if slots else start
        return Prices(tuple(slots), known_until, SOURCE, ZONE, ends_at=self._end)

    async def prices(self, tariff: DayAheadTariff, start: datetime, end: datetime, known_at: datetime) -> Prices:
        """What the driver pays: `wholesale`, surcharge and VAT."""
        return retail(tariff, self.wholesale(start, end, known_at))


def published_until(known_at: datetime) -> datetime:
    """The end (UTC) of the last delivery day whose prices are out at `known_at`."""
    local = known_at.astimezone(ZoneInfo(ZONE))
    days = 2 if local.time() >= PUBLISHED_AT else 1
    return _midnight(local.date() + days * DAY)


def next_publication(known_at: datetime) -> datetime:
    """The next moment (UTC) after `known_at` at which new prices come out."""
    local = known_at.astimezone(ZoneInfo(ZONE))
    day = local.date() if local.time() < PUBLISHED_AT else local.date() + DAY
    return datetime.combine(day, PUBLISHED_AT, ZoneInfo(ZONE)).astimezone(UTC)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(ZONE)).astimezone(UTC)


def _read(lines: Iterable[str]) -> Iterable[tuple[datetime, int]]:
    """One delivery day a line: its first hour in UTC, then EUR/MWh hour by hour."""
    for line in lines:
        if line.startswith("#"):
            continue
        first, *prices = line.split(",")
        start = datetime.fromisoformat(first)
        for number, price in enumerate(prices):
            yield start + number * HOUR, int(Decimal(price) * MICRO_PER_KWH)
