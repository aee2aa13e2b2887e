"""The ledger balances, whatever is booked and however often it is corrected; what is booked stays."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargekey.domain.ledger import (
    MG,
    MICRO_USD,
    WH,
    Account,
    Entry,
    Figures,
    How,
    Line,
    PricesFrom,
    Unbalanced,
    balance,
    correction,
    figures_of,
    first_entry,
    knows_less,
)

SEVEN: Final = datetime(2024, 1, 11, 7, tzinfo=UTC)
MONEY: Final = st.integers(-(10**13), 10**13)


@st.composite
def figures(draw: st.DrawFn) -> Figures:
    """Any night: prices below nothing, prices not known, a car that drew nothing, with sun and without."""
    battery_wh = draw(st.integers(0, 100_000))
    wall_wh = battery_wh + draw(st.integers(0, 20_000))
    cost = draw(st.none() | MONEY)
    sun_wh = draw(st.integers(0, wall_wh))
    return Figures(
        wall_wh=wall_wh,
        battery_wh=battery_wh,
        currency=draw(st.sampled_from(["EUR", "GBP"])),
        cost_nano=cost,
        at_once_nano=None if cost is None else draw(st.none() | MONEY),
        tesla_bill_micro_usd=draw(st.integers(0, 10**7)),
        sun_wh=sun_wh,
        feed_in_nano=0 if cost is None else sun_wh * draw(st.integers(0, 10**6)),
    )


def booked(*told: Figures) -> list[Entry]:
    """The first as it was booked, each other as it was corrected, an hour later each."""
    entries = [first_entry(told[0], How.AT_ITS_END, PricesFrom.TARIFF, SEVEN)]
    for nth, one in enumerate(told[1:], 1):
        entries.append(correction(entries, one, PricesFrom.TARIFF, SEVEN + timedelta(hours=nth)))
    return entries


@given(st.lists(figures(), min_size=1, max_size=5))
def test_every_entry_balances_and_all_of_them_say_what_was_found_last(told: list[Figures]) -> None:
    entries = booked(*told)
    for entry in entries:
        units = {line.unit for line in entry.lines}
        assert all(sum(line.amount for line in entry.lines if line.unit == unit) == 0 for unit in units)
    assert figures_of(entries) == told[-1]
    assert [figures_of(entries[: nth + 1]) for nth in range(len(told))] == told  # the earlier ones are as they were
    assert [entry.corrects for entry in entries] == [None, *range(1, len(told))]
    total = balance(entries)
    assert all(sum(amount for (_, of), amount in total.items() if of == unit) == 0 for _, unit in total)


@given(figures())
def test_a_correction_of_what_is_right_moves_nothing(one: Figures) -> None:
    assert booked(one, one)[1].lines == ()


def test_a_night_as_it_is_booked() -> None:
    night = Figures(10_000, 9_000, "EUR", 2_000_000_000, 3_500_000_000, 34_000)
    (entry,) = booked(night)
    assert entry.lines == (
        Line(Account.WALL, WH, -10_000),
        Line(Account.BATTERY, WH, 9_000),
        Line(Account.LOSSES, WH, 1_000),
        Line(Account.CALLS, MICRO_USD, 34_000),
        Line(Account.TESLA, MICRO_USD, -34_000),
        Line(Account.POWER, "nano EUR", 2_000_000_000),
        Line(Account.SUPPLIER, "nano EUR", -2_000_000_000),
        Line(Account.AT_ONCE, "nano EUR", -3_500_000_000),
        Line(Account.PAID_INSTEAD, "nano EUR", 2_000_000_000),
        Line(Account.SAVING, "nano EUR", 1_500_000_000),
    )


def test_what_the_sun_gave_is_booked_as_the_roofs_and_as_feed_in_forgone() -> None:
    """4 of 10 kWh, for which the grid would have paid 8 cents each; the other 6 cost 30 cents each."""
    night = Figures(10_000, 9_000, "EUR", 2_120_000_000, None, 0, sun_wh=4_000, feed_in_nano=320_000_000)
    (entry,) = booked(night)
    assert entry.lines == (
        Line(Account.WALL, WH, -6_000),
        Line(Account.ROOF, WH, -4_000),
        Line(Account.BATTERY, WH, 9_000),
        Line(Account.LOSSES, WH, 1_000),
        Line(Account.POWER, "nano EUR", 2_120_000_000),
        Line(Account.SUPPLIER, "nano EUR", -1_800_000_000),
        Line(Account.FEED_IN, "nano EUR", -320_000_000),
    )


def test_a_meter_that_tells_after_a_forecast_moves_energy_between_grid_and_roof_alone() -> None:
    forecast = Figures(10_000, 9_000, "EUR", 2_120_000_000, None, 0, sun_wh=4_000, feed_in_nano=320_000_000)
    measured = replace(forecast, cost_nano=2_780_000_000, sun_wh=1_000, feed_in_nano=80_000_000)
    entries = booked(forecast, measured)
    assert entries[1].lines == (
        Line(Account.WALL, WH, -3_000),
        Line(Account.ROOF, WH, 3_000),
        Line(Account.POWER, "nano EUR", 660_000_000),
        Line(Account.SUPPLIER, "nano EUR", -900_000_000),
        Line(Account.FEED_IN, "nano EUR", 240_000_000),
    )
    assert figures_of(entries) == measured


def test_carbon_is_booked_where_it_is_known_be_it_nothing_and_is_known_for_good() -> None:
    unknown = Figures(10_000, 9_000, "EUR", None, None, 0)
    known = replace(unknown, carbon_mg=2_000_000, carbon_at_once_mg=3_500_000)
    clean = replace(unknown, carbon_mg=0, carbon_at_once_mg=0)
    assert [figures_of(booked(one)) for one in (unknown, known, clean)] == [unknown, known, clean]
    entries = booked(unknown, known, known, unknown)
    assert [figures_of(entries[: nth + 1]) for nth in range(4)] == [unknown, known, known, known]
    assert [bool(entry.lines) for entry in entries] == [True, True, False, False]
    assert sum(line.amount for line in entries[1].lines if line.unit == MG) == 0


def test_a_price_that_came_late_is_booked_with_what_it_changes_alone() -> None:
    late = Figures(10_000, 9_000, "EUR", 2_000_000_000, None, 34_000)
    entries = booked(replace(late, cost_nano=None), late)
    assert entries[0].lacks == {Account.POWER, Account.SAVING}
    assert entries[1].lacks == {Account.SAVING}
    assert {line.account for line in entries[1].lines} == {Account.POWER, Account.SUPPLIER}
    assert knows_less(figures_of(entries[:1]), figures_of(entries))
    assert not knows_less(figures_of(entries), figures_of(entries[:1]))


LINES: Final = first_entry(Figures(10, 9, "EUR", 20, 30, 40), How.AT_ITS_END, PricesFrom.TARIFF, SEVEN).lines


@pytest.mark.parametrize(
    ("number", "corrects", "how", "lines", "why"),
    [
        (1, None, How.AT_ITS_END, LINES[:-1], "does not balance"),
        (1, None, How.AT_ITS_END, LINES + LINES, "twice"),
        (2, None, How.CORRECTED, LINES, "every other one before it"),
        (2, 2, How.CORRECTED, LINES, "every other one before it"),
        (1, None, How.CORRECTED, LINES, "only a correction"),
        (2, 1, How.RECKONED, LINES, "only a correction"),
    ],
)
def test_an_entry_that_could_not_be_is_refused(
    number: int, corrects: int | None, how: How, lines: tuple[Line, ...], why: str
) -> None:
    with pytest.raises(Unbalanced, match=why):
        Entry(number, corrects, SEVEN, how, PricesFrom.TARIFF, "EUR", frozenset(), lines)
