"""What a home tells of its sun, in quarters of an hour: measured, by the house's meter, and forecast."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from chargekey.domain.evidence import ChargeState, Charging
from chargekey.domain.night import Agreed
from chargekey.domain.surplus import MOST_W, SurplusSlot, SurplusUnclear
from chargekey.domain.told_surplus import (
    MOST_SLOTS,
    DrawUnknown,
    Unheard,
    car_draws_w,
    forecast_slots,
    is_alike,
    measured_slots,
    quarter_of,
    without_car,
)

TEN: Final = datetime(2026, 6, 10, 10, tzinfo=UTC)
DRAWS: Final = ChargeState(50, 80, Charging.CHARGING, 10, 10, 16, 230, 1, 2_000, 0, True)


def at(minutes: float) -> datetime:
    return TEN + timedelta(minutes=minutes)


def slot(begin: float, end: float, surplus_w: int) -> SurplusSlot:
    return SurplusSlot(at(begin), at(end), surplus_w)


# ── measured ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("minute", "begins"), [(0, 0), (14.99, 0), (15, 15), (59, 45), (-0.01, -15)])
def test_what_is_measured_stands_for_its_quarter_of_an_hour_and_goes_on_for_one(minute: float, begins: float) -> None:
    assert quarter_of(at(minute)) == at(begins)
    assert measured_slots(900, at(minute)) == (slot(begins, begins + 15, 900), slot(begins + 15, begins + 30, 900))


@pytest.mark.parametrize(
    ("known", "alike"),
    [
        ({}, False),
        ({0: 1_000}, False),
        ({0: 1_250, 15: 750}, True),
        ({0: 1_251, 15: 1_000}, False),
        ({15: 1_000}, False),
    ],
)
def test_what_is_nearly_the_same_for_both_is_alike(known: dict[int, int], alike: bool) -> None:
    assert is_alike(measured_slots(1_000, TEN), {at(minute): watts for minute, watts in known.items()}) is alike


@pytest.mark.parametrize(
    ("grid_w", "car_w", "surplus_w"),
    [
        (-1_400, 0, 1_400),
        (-1_400, 2_300, 3_700),
        (1_400, 2_300, 900),  # the car takes 1.4 kW more than the sun gives
        (2_300, 2_300, 0),
        (5_000, 2_300, 0),
        (-MOST_W, 11_000, MOST_W),
    ],
)
def test_what_the_car_takes_is_added_again(grid_w: int, car_w: int, surplus_w: int) -> None:
    assert without_car(grid_w, car_w) == surplus_w


@pytest.mark.parametrize(
    ("charge", "watts"),
    [
        (DRAWS, 2_300),
        (replace(DRAWS, charging=Charging.STOPPED), 0),
        (replace(DRAWS, charging=Charging.UNPLUGGED), 0),
        (replace(DRAWS, at_home=False), 0),  # it draws elsewhere
        (replace(DRAWS, at_home=None), 2_300),
        (None, 0),
    ],
)
def test_a_car_takes_what_it_says(charge: ChargeState | None, watts: int) -> None:
    assert car_draws_w(charge, at(-89), at(-100), TEN) == watts


@pytest.mark.parametrize(
    ("charge", "said", "ordered", "why"),
    [
        (DRAWS, -5, -4, Unheard.ORDERED_SINCE),
        (replace(DRAWS, charging=Charging.STOPPED), -5, -4, Unheard.ORDERED_SINCE),
        (DRAWS, -90.1, None, Unheard.WORD_TOO_OLD),
        (replace(DRAWS, charging=Charging.STARTING), -1, None, Unheard.NO_WORD_OF_POWER),
        (replace(DRAWS, voltage_v=None), -1, None, Unheard.NO_WORD_OF_POWER),
    ],
)
def test_what_nobody_knows_is_not_guessed(
    charge: ChargeState, said: float, ordered: float | None, why: Unheard
) -> None:
    with pytest.raises(DrawUnknown) as unknown:
        car_draws_w(charge, at(said), None if ordered is None else at(ordered), TEN)
    assert unknown.value.why is why


def test_a_car_that_agreed_to_other_amps_draws_those() -> None:
    assert DRAWS.current_a
    less = Agreed(at(-3), DRAWS.current_a // 2)
    assert car_draws_w(DRAWS, at(-5), at(-8), TEN, less) == 1_150
    assert car_draws_w(DRAWS, at(-2), at(-8), TEN, less) == 2_300
    assert car_draws_w(replace(DRAWS, charging=Charging.STOPPED), at(-5), at(-8), TEN, less) == 0
    with pytest.raises(DrawUnknown) as unknown:
        car_draws_w(DRAWS, at(-5), at(-8), TEN, less._replace(at=at(-0.5)))
    assert unknown.value.why is Unheard.ORDERED_SINCE


def test_a_car_at_rest_said_so_however_long_ago() -> None:
    assert car_draws_w(replace(DRAWS, charging=Charging.STOPPED), at(-6_000), at(-6_000), TEN) == 0


# ── forecast ─────────────────────────────────────────────────────────────────────────────────────


def test_a_forecast_is_cut_at_quarters_each_with_its_mean() -> None:
    told = [slot(30, 60, 3_000), slot(10, 30, 900)]
    assert forecast_slots(told, at(-1)) == (
        slot(0, 15, 300),  # five of its fifteen minutes
        slot(15, 30, 900),
        slot(30, 45, 3_000),
        slot(45, 60, 3_000),
    )


def test_a_hole_of_a_forecast_tells_nothing() -> None:
    assert [one.start for one in forecast_slots([slot(0, 15, 1), slot(45, 60, 1)], TEN)] == [at(0), at(45)]


def test_what_is_over_is_left_out_and_the_present_quarter_is_not() -> None:
    assert forecast_slots([slot(-60, 15, 800)], at(7)) == (slot(0, 15, 800),)
    assert forecast_slots([slot(-60, 0, 800)], TEN) == ()


def test_a_forecast_of_a_week_is_cut_quickly_and_whole() -> None:
    told = [slot(15 * n, 15 * (n + 1), n) for n in range(MOST_SLOTS - 28)]
    assert forecast_slots(told, TEN) == tuple(told)
    by_day = [slot(1_440 * n, 1_440 * (n + 1), 500) for n in range(8)]
    assert len(forecast_slots(by_day, TEN)) == 8 * 96


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ([], "1 to 700"),
        ([slot(5 * n, 5 * n + 5, 1) for n in range(MOST_SLOTS + 1)], "1 to 700"),
        ([slot(0, 4, 1)], "5 minutes to 24 hours"),
        ([slot(0, 1_441, 1)], "5 minutes to 24 hours"),
        ([slot(10, 0, 1)], "5 minutes to 24 hours"),
        ([slot(10_081, 10_096, 1)], "within 7 days"),
        ([slot(0, 30, 1), slot(15, 45, 1)], "overlap"),
        ([slot(0, 15, -1)], "between 0 and"),
        ([slot(0, 15, MOST_W + 1)], "between 0 and"),
    ],
)
def test_what_is_no_forecast_is_refused(told: list[SurplusSlot], why: str) -> None:
    with pytest.raises(SurplusUnclear, match=why):
        forecast_slots(told, TEN)
