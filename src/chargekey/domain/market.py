"""Who publishes prices by the hour, for where, and when: what a home may be set to.

Rules of this room:

1. A market is named by its source and its area, `energy-charts:NL`. What was published is kept under that name.
2. One market has one currency. Prices of two currencies are never added up. A home may have several markets; a driver
   goes by one of them (`market_of`).
3. When prices come out is the rhythm of the source, on the clock of its own zone: days of 23 and 25 hours need no case.
   Most publish a day at once (`Rhythm`); some only tell what power costs now, over and over (`Rolling`).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from chargekey.domain.bidding_zones import CLOCKS, CODES
from chargekey.domain.tariff import DAY, Currency, DayAheadTariff, Tariff

MIDNIGHT: Final = time()
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class MarketUnknown(ValueError):
    """No market of ours is called so. The text is one line that says what would be."""


@dataclass(frozen=True, slots=True)
class Days:
    """The days of `zone`, by its clock."""

    zone: str

    def date_of(self, moment: datetime) -> date:
        """Which day it is there."""
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def day_begins(self, now: datetime, days: int = 0) -> datetime:
        """Midnight there (UTC), so many days from the day of `now`."""
        return self._moment(self.date_of(now) + timedelta(days=days), MIDNIGHT)

    def _moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, ZoneInfo(self.zone)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Rhythm(Days):
    """Once a day, at `at`, come the prices of a day that ends on the next one, at `until`; all on the clock of `zone`.

    `until` midnight: the whole of the next day.
    """

    at: time
    until: time = MIDNIGHT

    def out_until(self, now: datetime) -> datetime:
        """The end (UTC) of the last delivery day whose prices are out at `now`."""
        local = now.astimezone(ZoneInfo(self.zone))
        return self._day_ends(local.date() + DAY if local.time() >= self.at else local.date())

    def next_at(self, now: datetime) -> datetime:
        """The next moment (UTC) after `now` at which new prices come out."""
        local = now.astimezone(ZoneInfo(self.zone))
        day = local.date() if local.time() < self.at else local.date() + DAY
        return self._moment(day, self.at)

    def given_up_until(self, now: datetime, patience: timedelta) -> datetime:
        """What lies before it and is still missing is promised no more: it should be out for `patience` by now."""
        return self.out_until(now - patience)

    def _day_ends(self, day: date) -> datetime:
        return self._moment(day + DAY if self.until == MIDNIGHT else day, self.until)


@dataclass(frozen=True, slots=True)
class Rolling(Days):
    """What each `every` costs is told while it runs, from `lag` after it began on; ahead there are forecasts at most.

    `every` divides an hour, or is one.
    """

    every: timedelta
    lag: timedelta

    def out_until(self, now: datetime) -> datetime:
        """The end (UTC) of the stretch that runs at `now`."""
        return now - (now - EPOCH) % self.every + self.every

    def next_at(self, now: datetime) -> datetime:
        """The next moment (UTC) after `now` at which a stretch has begun for `lag`."""
        return self.out_until(now - self.lag) + self.lag

    def given_up_until(self, now: datetime, _patience: timedelta) -> datetime:
        """Who does not know what power costs now promises nothing."""
        return self.out_until(now)


@dataclass(frozen=True, slots=True)
class Market:
    """`source` and `area` as a page names them. `all_included`: what it publishes is what the driver pays.

    Otherwise it is the exchange's price, to which supplier and state add.
    """

    name: str
    source: str
    area: str
    currency: Currency
    rhythm: Rhythm | Rolling
    all_included: bool = False
    needs_key: bool = False

    @property
    def clock(self) -> str:
        """The time zone in which its drivers live, as far as a market tells."""
        return CLOCKS.get(self.area[:2], self.rhythm.zone)


@dataclass(frozen=True, slots=True)
class _Source:
    """What holds for every market of a source. `areas`: what its areas look like; `example`: one of them."""

    title: str
    areas: str
    example: str
    currency: Currency
    rhythm: Rhythm | Rolling
    all_included: bool = False
    needs_key: bool = False


EUROPE: Final = Rhythm("Europe/Amsterdam", time(13))
"""The coupled auction of Europe shows its result between 12:45 and 13:00; later on the few days when it is repeated."""
BRITAIN: Final = Rhythm("Europe/London", time(16), time(23))
"""Agile's rates come out from 16:00 on, and reach to 23:00 of the next day, where the auction's day ends."""

AUSTRALIA: Final = Rolling("Australia/Brisbane", timedelta(minutes=30), timedelta(minutes=1))
"""The market's own clock, the same all year. Amber tells what a half-hour costs within its first minute."""
ILLINOIS: Final = Rolling("America/Chicago", timedelta(hours=1), timedelta(minutes=10))
"""An hour costs what its prices of five minutes do on average; the first of them is there ten minutes into it."""

BUNDLED: Final = Market("bundled:NL", "ENTSO-E", "NL", "EUR", EUROPE)
"""The prices of 2023 and 2024 that are shipped with Chargekey: nothing to set."""
SOURCES: Final[Mapping[str, _Source]] = {
    "energy-charts": _Source("Energy-Charts", r"[A-Z]{2}[A-Za-z0-9-]{0,18}", "NL", "EUR", EUROPE),
    "awattar": _Source("aWATTar", r"DE|AT", "AT", "EUR", EUROPE),
    "entsoe": _Source("ENTSO-E", "|".join(CODES), "NL", "EUR", EUROPE, needs_key=True),
    "nord-pool": _Source("Nord Pool", r"[A-Z]{2}[A-Z0-9]{0,4}", "SE3", "EUR", EUROPE),
    "octopus": _Source(
        "Octopus Agile", r"E-1R-[A-Z0-9-]{3,40}-[A-P]", "E-1R-AGILE-24-10-01-C", "GBP", BRITAIN, all_included=True
    ),
    "tibber": _Source("Tibber", "EUR", "EUR", "EUR", EUROPE, all_included=True, needs_key=True),
    "amber": _Source("Amber", "AUD", "AUD", "AUD", AUSTRALIA, all_included=True, needs_key=True),
    "comed": _Source("ComEd", "IL", "IL", "USD", ILLINOIS),
}
"""By the name of a source in the settings. smart-charging §4.1 has what each answers."""


def market(name: str) -> Market:
    """The market of such a name. Raises `MarketUnknown`."""
    source, _, area = name.partition(":")
    found = SOURCES.get(source)
    if found is None:
        known = ", ".join(f"{one}:{it.example}" for one, it in SOURCES.items())
        raise MarketUnknown(f"must be a source and an area, such as {known}")
    if not re.fullmatch(found.areas, area):
        raise MarketUnknown(f"{source} wants an area such as {source}:{found.example}")
    return Market(name, found.title, area, found.currency, found.rhythm, found.all_included, found.needs_key)


def market_of(tariff: DayAheadTariff, markets: Sequence[Market]) -> Market | None:
    """Which of a home's markets, the first of them its own, a tariff goes by.

    None: the one that was chosen is not the home's any more, or is of another currency than what was typed. Where only
    its source was exchanged, for another that tells the exchange's price of the same zone, it goes by that.
    """
    wanted = tariff.market or markets[0].name
    of_currency = [one for one in markets if one.currency == tariff.currency]
    itself = next((one for one in of_currency if one.name == wanted), None)
    zone, at_exchange = wanted.partition(":")[2], (one for one in of_currency if not one.all_included)
    return itself or next((one for one in at_exchange if one.rhythm == EUROPE and one.area == zone), None)


def at_its_market(tariff: Tariff, markets: Sequence[Market]) -> Tariff:
    """The same by its market's name: that one it stays, whatever the home is set to later."""
    found = market_of(tariff, markets) if isinstance(tariff, DayAheadTariff) else None
    return replace(tariff, market=found.name) if found and isinstance(tariff, DayAheadTariff) else tariff


def clocks_apart(zones: Sequence[str], now: datetime) -> tuple[str, ...]:
    """Of time zones whose clocks show the same, today and in half a year, the first alone."""
    found: dict[object, str] = {}
    for zone in zones:
        shows = [(now + days * DAY).astimezone(ZoneInfo(zone)).utcoffset() for days in (0, 182)]
        found.setdefault(tuple(shows), zone)
    return tuple(found.values())
