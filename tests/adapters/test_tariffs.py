"""The shipped prices: whole, right on the odd days, and as unknown as they were at the time."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest

from chargekey.adapters.tariffs.bundled_day_ahead import BundledDayAhead
from chargekey.adapters.tariffs.by_kind import TariffsByKind
from chargekey.adapters.tariffs.flat import FlatPrices
from chargekey.adapters.tariffs.time_of_use import TimeOfUsePrices
from chargekey.domain.market import EUROPE
from chargekey.domain.tariff import (
    DayAheadTariff,
    FlatTariff,
    Tariff,
    TimeOfUsePeriod,
    TimeOfUseTariff,
    retail,
    with_guesses,
)

ZONE = "Europe/Amsterdam"
HOUR = timedelta(hours=1)
LATER = datetime(2025, 6, 1, tzinfo=UTC)
TIME_OF_USE = TimeOfUseTariff(
    (
        TimeOfUsePeriod(frozenset(range(7)), time(23), time(7), 200_000),
        TimeOfUsePeriod(frozenset(range(7)), time(7), time(23), 300_000),
    )
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture(scope="module")
def shipped() -> BundledDayAhead:
    return BundledDayAhead.shipped()


@pytest.fixture
def tariffs(shipped: BundledDayAhead) -> TariffsByKind:
    return TariffsByKind(FlatPrices(ZONE), TimeOfUsePrices(ZONE), shipped)


def test_every_hour_of_two_years_is_there_once(shipped: BundledDayAhead) -> None:
    slots = shipped.wholesale(*shipped.span, LATER).slots
    assert shipped.span == (utc("2022-12-31T23:00"), utc("2024-12-31T23:00"))
    assert len(slots) == (365 + 366) * 24
    assert all(slot.end - slot.start == HOUR for slot in slots)
    assert all(one.end == other.start for one, other in pairwise(slots))


@pytest.mark.parametrize(("year", "count"), [(2023, 315), (2024, 458)])
def test_as_many_hours_are_below_zero_as_were_counted(shipped: BundledDayAhead, year: int, count: int) -> None:
    slots = shipped.wholesale(*shipped.span, LATER).slots
    assert sum(slot.price_micro_per_kwh < 0 for slot in slots if slot.start.year == year) == count


@pytest.mark.parametrize(
    ("start", "hours", "first_micro", "last_micro"),
    [
        ("2023-03-25T23:00", 23, 94_570, 94_640),
        ("2023-10-28T22:00", 25, 5_340, 38_470),
        ("2024-03-30T23:00", 23, 81_810, 54_900),
        ("2024-10-26T22:00", 25, 91_560, 102_990),
    ],
)
def test_the_days_on_which_clocks_change_have_their_own_length(
    shipped: BundledDayAhead, start: str, hours: int, first_micro: int, last_micro: int
) -> None:
    already = EUROPE.out_until(utc(start) - 12 * HOUR)
    later = EUROPE.out_until(utc(start) - 10 * HOUR)
    assert (already, later) == (utc(start), utc(start) + hours * HOUR)
    slots = shipped.wholesale(already, later, LATER).slots
    assert (slots[0].price_micro_per_kwh, slots[-1].price_micro_per_kwh) == (first_micro, last_micro)
    assert len(slots) == hours


@pytest.mark.parametrize(
    ("known_at", "until"),
    [
        ("2023-01-10T11:59", "2023-01-10T23:00"),  # 12:59 in Amsterdam: only today
        ("2023-01-10T12:00", "2023-01-11T23:00"),  # 13:00: tomorrow too
        ("2023-07-10T11:00", "2023-07-11T22:00"),  # in summer an hour earlier
        ("2023-01-10T23:30", "2023-01-11T23:00"),  # past midnight there: tomorrow has become today
    ],
)
def test_tomorrow_is_unknown_until_one_o_clock(shipped: BundledDayAhead, known_at: str, until: str) -> None:
    known = shipped.wholesale(utc(known_at), utc(known_at) + timedelta(days=4), utc(known_at))
    assert known.known_until == utc(until)
    assert known.slots[-1].end == utc(until)


@pytest.mark.parametrize(
    ("known_at", "at"),
    [("2023-01-10T11:00", "2023-01-10T12:00"), ("2023-01-10T12:00", "2023-01-11T12:00")],
)
def test_the_next_publication_is_at_one_o_clock(known_at: str, at: str) -> None:
    assert EUROPE.next_at(utc(known_at)) == utc(at)


def test_a_span_that_is_not_published_at_all_is_empty(shipped: BundledDayAhead) -> None:
    known = shipped.wholesale(utc("2023-05-03T10:00"), utc("2023-05-04T10:00"), utc("2023-05-01T10:00"))
    assert known.slots == ()
    assert known.known_until == utc("2023-05-03T10:00")


def test_a_span_that_runs_out_of_the_file_ends_with_it(shipped: BundledDayAhead) -> None:
    known = shipped.wholesale(utc("2024-12-31T17:00"), utc("2025-01-01T06:00"), LATER)
    assert known.known_until == utc("2024-12-31T23:00")


@pytest.mark.parametrize("start", ["2022-12-30T00:00", "2026-01-01T00:00"])
def test_a_span_outside_the_file_is_empty(shipped: BundledDayAhead, start: str) -> None:
    known = shipped.wholesale(utc(start), utc(start) + 24 * HOUR, LATER)
    assert known.slots == ()
    assert known.known_until == utc(start)


@pytest.mark.parametrize(
    ("known_at", "none_after"),
    [
        ("2024-12-30T11:00", None),  # the last day comes at one o'clock
        ("2024-12-31T18:00", "2024-12-31T23:00"),
        ("2026-11-28T18:00", "2026-11-28T18:00"),
    ],
)
def test_what_will_never_come_out_is_told_from_what_is_not_out_yet(
    shipped: BundledDayAhead, known_at: str, none_after: str | None
) -> None:
    now = utc(known_at)
    known = retail(DayAheadTariff(0, 21), shipped.wholesale(now, now + 30 * HOUR, now))
    assert known.none_after == (utc(none_after) if none_after else None)
    assert with_guesses(known, now + 48 * HOUR).none_after == known.none_after


def test_the_last_hour_of_the_file_is_within_reach_and_the_next_is_not(shipped: BundledDayAhead) -> None:
    known = shipped.wholesale(utc("2023-05-03T10:00"), utc("2023-05-04T10:00"), utc("2023-05-01T10:00"))
    end = shipped.span[1]
    assert (known.will_reach(end - HOUR), known.will_reach(end)) == (True, False)


async def test_a_tariff_typed_in_has_a_price_for_ever(tariffs: TariffsByKind) -> None:
    known = await tariffs.prices(FlatTariff(250_000), LATER, LATER + HOUR, LATER)
    assert (known.none_after, known.will_reach(LATER + 10_000 * HOUR)) == (None, True)


def test_a_span_that_begins_before_the_file_begins_with_it(shipped: BundledDayAhead) -> None:
    assert shipped.wholesale(utc("2022-12-31T12:00"), utc("2023-01-01T12:00"), LATER).slots[0].start == shipped.span[0]


def test_a_span_within_hours_is_cut_to_the_minute(shipped: BundledDayAhead) -> None:
    known = shipped.wholesale(utc("2023-05-03T10:20"), utc("2023-05-03T11:10"), LATER)
    assert [(slot.start.minute, slot.end.minute) for slot in known.slots] == [(20, 0), (0, 10)]


@pytest.mark.parametrize("tariff", [FlatTariff(250_000), TIME_OF_USE, DayAheadTariff(150_000, 21)])
async def test_every_kind_of_tariff_prices_a_whole_night(tariffs: TariffsByKind, tariff: Tariff) -> None:
    start, end = utc("2023-01-10T17:07"), utc("2023-01-11T06:00")
    known = await tariffs.prices(tariff, start, end, start)
    assert (known.slots[0].start, known.slots[-1].end, known.known_until) == (start, end, end)
    assert known.zone == ZONE


async def test_a_day_ahead_driver_pays_surcharge_and_vat(tariffs: TariffsByKind) -> None:
    hour = utc("2023-03-25T23:00")
    known = await tariffs.prices(DayAheadTariff(150_000, 21), hour, hour + HOUR, LATER)
    assert known.slots[0].price_micro_per_kwh == 295_930  # (0.09457 + 0.15) times 1.21
