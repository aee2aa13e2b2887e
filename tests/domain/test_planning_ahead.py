"""Several goals ahead: what tonight charges for a later night, and that all of them together cost the least."""

import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chargekey.domain.planning.ahead import shared_out
from chargekey.domain.planning.cheapest import cheapest
from chargekey.domain.planning.pieces import cut
from chargekey.domain.planning.problem import NightAhead, PlanProblem, ProblemUnclear
from chargekey.domain.tariff import PriceSlot
from tests.domain.drawn import MICRO_PER_CENT, NOW, QUARTER, draw, night
from tests.oracle.linear import ahead_program
from tests.oracle.problems import a_problem, at_full_power, drawn

A_DAY = timedelta(days=1)
NANO_OFF = 2


def later(prices: str, percent: int, days: int) -> NightAhead:
    """A night so many days after the drawn one."""
    start = NOW + days * A_DAY
    cents = [int(one) for one in prices.split()]
    slots = tuple(
        PriceSlot(start + n * QUARTER, start + (n + 1) * QUARTER, one * MICRO_PER_CENT) for n, one in enumerate(cents)
    )
    return NightAhead(percent, slots)


def with_ahead(tonight: PlanProblem, *nights: tuple[str, int]) -> PlanProblem:
    """Percent are halves of a quarter of an hour, as in `drawn.night`."""
    return replace(tonight, ahead=tuple(later(row, percent, days) for days, (row, percent) in enumerate(nights, 1)))


# ── drawn ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("tonight", "quarters", "nights", "drawn_plan", "reached"),
    [
        ("5 5 1 1 1 5", 1, [("9 9 9 9", 6)], "..###.", 6),  # a cheap night serves the day after tomorrow
        ("5 5 1 1 1 5", 1, [("1 1 9 9", 6)], "...#..", 2),  # no dearer then: tonight charges for itself
        ("5 5 1 1 1 5", 1, [("1 9 9 9", 6)], "..##..", 4),  # as far as the later night has no room as cheap
        ("5 5 1 1 1 5", 1, [("9 9 9 9", 2)], "...#..", 2),  # wants no more than tonight
        ("5 5 5 5 5 5", 4, [("1 1 1 1", 8)], "####..", 8),  # tonight's own goal comes first
        ("9 9 9 9 9 9", 1, [("1 1", 9)], ".>##..", 5),  # the later night is too short
        ("9 9 5 9 9 9", 0, [("7 7", 2), ("3 7", 4)], "..#...", 2),  # one for the first goal, one in the last night
        ("9 9 5 9 9 9", 0, [("7 7", 0), ("3 3", 4)], "......", 0),
    ],
)
def test_tonight_charges_for_another_night_only_where_it_pays(
    tonight: str, quarters: float, nights: list[tuple[str, int]], drawn_plan: str, reached: int
) -> None:
    problem = with_ahead(night(tonight, quarters), *nights)
    plan = cheapest(problem)
    assert (draw(problem, plan), plan.reached_percent) == (drawn_plan, reached)
    assert plan.missing_wh == 0
    assert plan.energy_wh == 500 * reached


def test_what_charging_at_once_costs_is_told_of_the_same_energy() -> None:
    problem = with_ahead(night("5 5 1 1 1 5", 1), ("9 9 9 9", 6))
    assert cheapest(problem).why.cost_at_once_nano == 11 * 10_000_000


def test_a_goal_that_is_out_of_reach_tonight_is_told_as_before() -> None:
    alone = night("1 1", 4)
    plan = cheapest(with_ahead(alone, ("1 1 1 1", 10)))
    told = cheapest(alone)
    assert (plan.missing_wh, plan.ready_at, plan.reached_percent) == (2_000, told.ready_at, 4)


def test_nights_out_of_order_are_refused() -> None:
    problem = night("1 1", 1)
    with pytest.raises(ProblemUnclear, match="in order"):
        replace(problem, ahead=(later("1", 4, 2), later("1", 4, 1)))
    with pytest.raises(ProblemUnclear, match="between 0 and 100"):
        replace(problem, ahead=(later("1", 101, 1),))


def test_a_goal_ahead_changes_the_hash() -> None:
    problem = night("1 1", 1)
    assert with_ahead(problem, ("1", 4)).inputs_hash != problem.inputs_hash


# ── exact ──────────────────────────────────────────────────────────────────────────────────────────


def some_nights(chance: random.Random, least_cents: int = -20) -> PlanProblem:
    """Any evening and up to three nights after it, each of any length."""
    problem = at_full_power(a_problem(chance, drawn(chance, least_cents)))
    ahead, start = [], problem.ready_by
    for _ in range(chance.randint(1, 3)):
        start += timedelta(minutes=chance.randint(0, 900))
        prices = drawn(chance, least_cents)[: chance.randint(1, 12)]
        slots = [
            PriceSlot(at, at + 4 * QUARTER, price) for at, price in zip(hours(start, len(prices)), prices, strict=True)
        ]
        ahead.append(NightAhead(chance.randint(0, 100), tuple(slots)))
        start = slots[-1].end
    return replace(problem, ahead=tuple(ahead))


def hours(start: datetime, count: int) -> list[datetime]:
    return [start + number * 4 * QUARTER for number in range(count)]


@pytest.mark.slow
def test_hundreds_of_weeks_cost_what_a_linear_program_with_a_row_a_goal_costs() -> None:
    chance = random.Random(20261129)
    for _ in range(400):
        problem = some_nights(chance)
        told = shared_out(problem, cut(problem)).cost / 3_600_000 / 1e6
        assert told == pytest.approx(ahead_program(problem), rel=1e-6, abs=1e-6)


# ── laws ───────────────────────────────────────────────────────────────────────────────────────────


@given(st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_tonight_is_in_time_and_takes_no_more_than_the_highest_goal(
    chance: random.Random,
) -> None:
    problem = some_nights(chance)
    plan, alone = cheapest(problem), cheapest(replace(problem, ahead=()))
    assert plan.missing_wh == alone.missing_wh
    assert plan.energy_wh >= alone.energy_wh
    assert plan.energy_wh <= problem.wall_wh_to(problem.highest_percent)
    assert all(end <= problem.ready_by for _, end in plan.windows)
    assert cheapest(replace(problem)) == plan
    if plan.energy_wh == alone.energy_wh:
        assert abs(plan.cost_nano - alone.cost_nano) <= NANO_OFF
