"""What Tesla bills for its API, and what a month of it may cost."""

from datetime import UTC, datetime
from typing import Final, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargekey.domain.spend import (
    AFTER_A_WAKE_MICRO_USD,
    PRICE_MICRO_USD,
    TONIGHT_MICRO_USD,
    Billed,
    Budgets,
    Degree,
    Spent,
    bill_micro_usd,
    degree,
    forecast_micro_usd,
    may_call,
    month_begins,
    month_ends,
    month_of,
    roughly_in,
    start_cost_micro,
)
from chargekey.domain.tariff import Currency

LOOK: Final = PRICE_MICRO_USD[Billed.DATA]
BUDGETS: Final = Budgets(car_micro_usd=1_000_000, home_micro_usd=3_000_000)
A_CALL: Final = st.tuples(st.integers(0, 3), st.sampled_from(Billed), st.booleans())
"""Of which car, of which kind, and whether an order waits for it."""


@pytest.mark.parametrize(
    ("calls", "micro_usd"),
    [
        ({}, 0),
        ({Billed.DATA: 500}, 1_000_000),  # a dollar buys 500 looks
        ({Billed.COMMAND: 1_000}, 1_000_000),  # or 1,000 commands
        ({Billed.WAKE: 50}, 1_000_000),  # or 50 wakes
        ({Billed.DATA: 12, Billed.COMMAND: 3, Billed.WAKE: 1}, 24_000 + 3_000 + 20_000),
        ({Billed.DATA: 0, Billed.WAKE: 0}, 0),
    ],
)
def test_what_a_night_of_calls_costs(calls: dict[Billed, int], micro_usd: int) -> None:
    assert bill_micro_usd(calls) == micro_usd


def test_every_kind_of_call_has_its_price() -> None:
    assert set(PRICE_MICRO_USD) == set(Billed)


# ── how far a month has gone ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("car_left", "home_left", "cars", "with_a_night", "without"),
    [
        (1_000_000, 3_000_000, 1, Degree.PLENTY, Degree.PLENTY),
        (200_001, 3_000_000, 1, Degree.PLENTY, Degree.PLENTY),
        (200_000, 3_000_000, 1, Degree.FRUGAL, Degree.FRUGAL),  # 80 % of the car's is gone
        (1_000_000, 600_000, 1, Degree.FRUGAL, Degree.FRUGAL),  # or 80 % of the home's
        (TONIGHT_MICRO_USD + LOOK, 3_000_000, 1, Degree.FRUGAL, Degree.FRUGAL),
        (TONIGHT_MICRO_USD + LOOK - 1, 3_000_000, 1, Degree.ONLY_ORDERS, Degree.SPENT),  # no night would be noticed
        (1_000_000, 9 * TONIGHT_MICRO_USD + LOOK - 1, 9, Degree.ONLY_ORDERS, Degree.SPENT),  # a night for each car
        (LOOK, 3_000_000, 1, Degree.ONLY_ORDERS, Degree.SPENT),
        (LOOK - 1, 3_000_000, 1, Degree.SPENT, Degree.SPENT),
        (1_000_000, LOOK - 1, 1, Degree.SPENT, Degree.SPENT),
        (-1, -1, 1, Degree.SPENT, Degree.SPENT),  # the budget was lowered
    ],
)
def test_whichever_budget_has_less_left_says_how_far_it_is(
    car_left: int, home_left: int, cars: int, with_a_night: Degree, without: Degree
) -> None:
    spent = Spent(BUDGETS.car_micro_usd - car_left, BUDGETS.home_micro_usd - home_left, cars)
    assert degree(spent, BUDGETS, night_is_on=True) is with_a_night
    assert degree(spent, BUDGETS, night_is_on=False) is without


@given(st.lists(A_CALL, max_size=400), st.integers(0, 300_000), st.integers(0, 600_000))
def test_no_order_of_calls_passes_a_budget(calls: list[tuple[int, Billed, bool]], car: int, home: int) -> None:
    budgets, by_car = Budgets(car, home), [0, 0, 0, 0]
    for number, billed, for_order in calls:
        if may_call(Spent(by_car[number], sum(by_car), 4), budgets, billed, for_order=for_order):
            by_car[number] += PRICE_MICRO_USD[billed]
        assert max(by_car) <= car
        assert sum(by_car) <= home


@given(st.integers(1, 9), st.integers(0, 400), st.integers(0, 1_000_000), st.integers(0, 2_000_000))
def test_looks_for_news_leave_a_night_to_every_car(cars: int, looks: int, car: int, home: int) -> None:
    budgets, spent = Budgets(car, home), 0
    for _ in range(looks):
        if not may_call(Spent(spent, spent, cars), budgets, Billed.DATA, for_order=False):
            break
        spent += LOOK
    assert spent == 0 or (spent + TONIGHT_MICRO_USD <= car and spent + cars * TONIGHT_MICRO_USD <= home)


def test_no_wake_is_paid_for_where_the_start_after_it_is_not() -> None:
    wake = PRICE_MICRO_USD[Billed.WAKE]
    for left, may in [(wake + AFTER_A_WAKE_MICRO_USD, True), (wake + AFTER_A_WAKE_MICRO_USD - 1, False)]:
        spent = Spent(BUDGETS.car_micro_usd - left, 0, 1)
        assert may_call(spent, BUDGETS, Billed.WAKE, for_order=True) is may
        assert may_call(spent, BUDGETS, Billed.COMMAND, for_order=True)


# ── months ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("moment", "month", "ends"),
    [
        (datetime(2024, 2, 1, tzinfo=UTC), "2024-02", datetime(2024, 3, 1, tzinfo=UTC)),
        (datetime(2024, 2, 29, 23, 59, 59, 999999, tzinfo=UTC), "2024-02", datetime(2024, 3, 1, tzinfo=UTC)),
        (datetime(2024, 4, 30, 12, tzinfo=UTC), "2024-04", datetime(2024, 5, 1, tzinfo=UTC)),
        (datetime(2024, 12, 31, 1, tzinfo=UTC), "2024-12", datetime(2025, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_month_is_the_calendars(moment: datetime, month: str, ends: datetime) -> None:
    assert (month_of(moment), month_ends(moment)) == (month, ends)
    assert month_of(month_begins(moment)) == month


@pytest.mark.parametrize(
    ("day", "spent", "comes_to"),
    [
        (datetime(2024, 11, 1, 23, 59, tzinfo=UTC), 900_000, None),  # the first day says too little
        (datetime(2024, 11, 11, tzinfo=UTC), 400_000, 1_200_000),  # a third of the month is over
        (datetime(2024, 11, 16, tzinfo=UTC), 1, 2),
        (datetime(2024, 11, 16, tzinfo=UTC), 0, 0),
    ],
)
def test_a_month_that_goes_on_as_it_began_comes_to_so_much(day: datetime, spent: int, comes_to: int | None) -> None:
    assert forecast_micro_usd(spent, day) == comes_to


def test_what_a_wake_costs_is_known_in_every_currency_of_a_home() -> None:
    assert {currency: roughly_in(currency, 20_000) for currency in get_args(Currency)} == {
        "EUR": 17_400,
        "GBP": 15_200,
        "AUD": 30_600,
        "USD": 20_000,
    }


@pytest.mark.parametrize(
    ("keeps_hours", "degree", "micro"),
    [
        (True, Degree.PLENTY, 4_000 + 1_000),
        (False, Degree.PLENTY, 4_000 + 24_000),  # a wake, a look, a start and a stop
        (True, Degree.FRUGAL, 4_000 + 3 * 1_000),
        (False, Degree.ONLY_ORDERS, 4_000 + 3 * 24_000),
    ],
)
def test_a_start_counts_for_what_tesla_bills_and_for_more_where_that_is_scarce(
    keeps_hours: bool, degree: Degree, micro: int
) -> None:
    assert start_cost_micro("USD", keeps_hours=keeps_hours, degree=degree) == micro
