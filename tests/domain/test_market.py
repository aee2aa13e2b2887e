"""Markets by name, and the rhythm in which each publishes."""

from datetime import UTC, datetime

import pytest

from chargekey.domain.market import (
    BRITAIN,
    EUROPE,
    SOURCES,
    MarketUnknown,
    at_its_market,
    clocks_apart,
    market,
    market_of,
)
from chargekey.domain.tariff import Currency, DayAheadTariff, FlatTariff

AGILE = "octopus:E-1R-AGILE-24-10-01-C"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize("name", SOURCES)
def test_the_example_that_a_source_names_is_one_of_its_markets(name: str) -> None:
    found = market(f"{name}:{SOURCES[name].example}")
    assert (found.area, found.source) == (SOURCES[name].example, SOURCES[name].title)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "NL",
        "energy-charts",
        "energy-charts:",
        "energy-charts:nl",
        "energy-charts:../NL",
        "awattar:NL",
        "octopus:AGILE-24-10-01",
        "octopus:E-1R-AGILE-24-10-01-Z",
        "octopus:E-1R-AGILE/../../x-C",
        "octopus:E-1R-AGILE-24-10-01-C\n",
        "elsewhere:NL",
    ],
)
def test_what_is_no_market_is_told_with_one_that_is(name: str) -> None:
    with pytest.raises(MarketUnknown, match=r"such as [a-z-]+:"):
        market(name)


@pytest.mark.parametrize(
    ("now", "out_until", "next_at"),
    [
        ("2026-01-10T11:59", "2026-01-10T23:00", "2026-01-10T12:00"),
        ("2026-01-10T12:00", "2026-01-11T23:00", "2026-01-11T12:00"),
        ("2026-07-10T10:59", "2026-07-10T22:00", "2026-07-10T11:00"),  # in summer an hour earlier
        ("2026-03-28T13:00", "2026-03-29T22:00", "2026-03-29T11:00"),  # tomorrow has 23 hours
        ("2026-10-24T13:00", "2026-10-25T23:00", "2026-10-25T12:00"),  # tomorrow has 25
        ("2026-01-10T23:30", "2026-01-11T23:00", "2026-01-11T12:00"),  # past midnight there
    ],
)
def test_europe_publishes_a_whole_day_at_one(now: str, out_until: str, next_at: str) -> None:
    assert (EUROPE.out_until(utc(now)), EUROPE.next_at(utc(now))) == (utc(out_until), utc(next_at))


@pytest.mark.parametrize(
    ("now", "out_until", "next_at"),
    [
        ("2026-01-10T15:59", "2026-01-10T23:00", "2026-01-10T16:00"),
        ("2026-01-10T16:00", "2026-01-11T23:00", "2026-01-11T16:00"),
        ("2026-07-10T15:00", "2026-07-11T22:00", "2026-07-11T15:00"),
        ("2026-01-10T23:30", "2026-01-11T23:00", "2026-01-11T16:00"),
        ("2026-01-11T00:30", "2026-01-11T23:00", "2026-01-11T16:00"),
    ],
)
def test_britain_publishes_at_four_until_eleven_of_the_next_evening(now: str, out_until: str, next_at: str) -> None:
    assert (BRITAIN.out_until(utc(now)), BRITAIN.next_at(utc(now))) == (utc(out_until), utc(next_at))


@pytest.mark.parametrize(
    ("chosen", "currency", "home", "goes_by"),
    [
        (None, "EUR", "energy-charts:NL nord-pool:SE3", "energy-charts:NL"),  # never chose: the home's own
        ("nord-pool:SE3", "EUR", "energy-charts:NL nord-pool:SE3", "nord-pool:SE3"),
        ("nord-pool:SE3", "EUR", "nord-pool:SE3 energy-charts:NL", "nord-pool:SE3"),  # wherever it stands
        ("nord-pool:SE3", "EUR", "energy-charts:NL entsoe:SE3", "entsoe:SE3"),  # the same zone by another source
        (AGILE, "GBP", f"awattar:DE {AGILE}", AGILE),
        ("nord-pool:SE3", "EUR", "energy-charts:NL", None),  # never another zone's
        (AGILE, "GBP", "octopus:E-1R-AGILE-24-10-01-A", None),  # nor another region's
        ("tibber:EUR", "EUR", "energy-charts:NL", None),
        (None, "EUR", f"{AGILE} energy-charts:NL", None),  # typed before the currency changed
        ("energy-charts:NL", "GBP", f"energy-charts:NL {AGILE}", None),
    ],
)
def test_a_tariff_goes_by_the_market_that_was_chosen_or_by_none(
    chosen: str | None, currency: Currency, home: str, goes_by: str | None
) -> None:
    markets = [market(one) for one in home.split()]
    found = market_of(DayAheadTariff(0, 0, currency, chosen), markets)
    assert (found and found.name) == goes_by


def test_a_tariff_that_is_kept_by_its_markets_name_stays_with_it() -> None:
    nl, se3 = market("energy-charts:NL"), market("nord-pool:SE3")
    kept = at_its_market(DayAheadTariff(125_000, 21), [nl, se3])
    assert kept == DayAheadTariff(125_000, 21, market=nl.name)
    assert market_of(DayAheadTariff(125_000, 21, market=nl.name), [se3, nl]) == nl
    gone = DayAheadTariff(125_000, 21, market="tibber:EUR")
    assert at_its_market(gone, [nl]) == gone
    assert at_its_market(FlatTariff(280_000), [nl]) == FlatTariff(280_000)


@pytest.mark.parametrize(
    ("name", "clock"),
    [
        ("energy-charts:NL", "Europe/Amsterdam"),
        ("nord-pool:FI", "Europe/Helsinki"),
        ("entsoe:PT", "Europe/Lisbon"),
        (AGILE, "Europe/London"),
        ("comed:IL", "America/Chicago"),
    ],
)
def test_a_market_tells_by_which_clock_its_drivers_live(name: str, clock: str) -> None:
    assert market(name).clock == clock


def test_clocks_that_show_the_same_are_one() -> None:
    zones = ["Europe/Stockholm", "Europe/Amsterdam", "Europe/London", "UTC", "Europe/Lisbon"]
    for now in (utc("2026-01-10T12:00"), utc("2026-07-10T12:00")):
        assert clocks_apart(zones, now) == ("Europe/Stockholm", "Europe/London", "UTC")
