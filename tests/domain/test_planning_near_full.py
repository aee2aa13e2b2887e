"""A battery that is nearly full takes less: the planner begins in time, and knows what the last hours bring."""

import random
from dataclasses import replace
from datetime import timedelta
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chargekey.domain.battery import Weaker, near_full
from chargekey.domain.planning.cheapest import cheapest
from chargekey.domain.planning.cost import cost_nano_of
from chargekey.domain.planning.filling import Filling, curve_of
from chargekey.domain.planning.plan import ChargePlan
from chargekey.domain.planning.problem import PlanProblem, ProblemUnclear
from tesla_simulator.physics import battery_power_kw, tapered_kw
from tests.domain.drawn import draw, night
from tests.domain.test_planning_exact import every_plan
from tests.oracle.judging import judged
from tests.oracle.problems import a_problem, drawn, in_the_cold

HALF, QUARTER_POWER = Weaker(2, 2_000, 2_000), Weaker(2, 1_000, 1_000)


def weaker_night(prices: str, percent: int, *steps: Weaker) -> PlanProblem:
    """As `drawn.night`: a percent is half a quarter of an hour at full power, and longer where power falls."""
    return replace(night(prices, percent / 2), weakens=steps)


# ── drawn ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("prices", "percent", "step", "drawn_plan", "cost_cents"),
    [
        # two percent take a quarter, and at half the power the next two take two
        ("9 9 1 1 1 9 9 9", 4, HALF, "..###...", 2),
        ("5 1 9 1 1 9 9 9", 4, HALF, ".#.##...", 2),
        ("1 1 1 1 1 1 1 1", 4, HALF, "...###..", 2),
        # at a quarter of it: 3 ct + 9/4 + 7/4, where the three cheapest hours would come to 6 + 3/4 + 7/4
        ("6 3 9 9 9 9 9 7", 3, QUARTER_POWER, ".##....#", 7),
    ],
)
def test_the_last_hours_are_weaker(prices: str, percent: int, step: Weaker, drawn_plan: str, cost_cents: int) -> None:
    problem = weaker_night(prices, percent, step)
    plan = cheapest(problem)
    assert (draw(problem, plan), plan.cost_nano) == (drawn_plan, cost_cents * 10_000_000)
    assert (plan.missing_wh, plan.energy_wh) == (0, 500 * percent)


def test_a_cheaper_hour_that_would_push_others_is_not_told_as_left() -> None:
    why = cheapest(weaker_night("6 3 9 9 9 9 9 7", 3, QUARTER_POWER)).why
    assert (why.dearest_price_micro_per_kwh, why.next_price_micro_per_kwh) == (90_000, 90_000)


@pytest.mark.parametrize(
    ("measured", "shares"),
    [
        (None, {95: 90, 96: 70, 97: 50, 98: 30, 99: 25}),
        ((90, 60), {90: 60, 95: 60, 96: 60, 97: 50, 98: 30, 99: 25}),  # above, what is assumed where it is less
        ((97, 80), {97: 80, 98: 30, 99: 25}),
    ],
)
def test_where_it_was_measured_power_falls_as_it_did(measured: tuple[int, int] | None, shares: dict[int, int]) -> None:
    steps = near_full(10_000, 100, measured)
    assert {step.from_percent: step.wall_w // 100 for step in steps} == shares


def test_a_battery_nearly_full_gets_the_time_it_takes() -> None:
    flat = replace(night("1 " * 24, 4), soc_percent=90, target_percent=100)
    weak = replace(flat, weakens=near_full(4_000, 100))
    took = [sum((end - start for start, end in cheapest(one).windows), start=timedelta()) for one in (flat, weak)]
    assert took[0] == timedelta(minutes=75)
    assert timedelta(minutes=130) < took[1] < timedelta(minutes=170)


def test_what_is_missing_is_told_in_percent_of_a_battery_nearly_full() -> None:
    problem = replace(night("1 1", 2), soc_percent=96, target_percent=100, weakens=near_full(4_000, 100))
    plan = cheapest(problem)
    assert plan.missing_wh
    assert plan.reached_percent == 98
    assert plan.energy_wh + plan.missing_wh == problem.wall_wh_to(100)
    assert plan.ready_at > problem.ready_by


def test_below_the_knee_a_plan_is_what_it_was() -> None:
    problem = night("3 1 4 1 5 9 2 6", 2.5)
    weak = replace(problem, weakens=near_full(4_000, 100))
    assert replace(cheapest(weak), inputs_hash="") == replace(cheapest(problem), inputs_hash="")


@pytest.mark.parametrize(
    "steps", [(Weaker(96, 100, 90), Weaker(95, 50, 40)), (Weaker(95, 5_000, 90),), (Weaker(95, 100, 0),)]
)
def test_power_that_falls_in_no_order_is_refused(steps: tuple[Weaker, ...]) -> None:
    with pytest.raises(ProblemUnclear, match="power"):
        replace(night("1 1", 2), weakens=steps)


# ── exact ──────────────────────────────────────────────────────────────────────────────────────────


def least_cost(problem: PlanProblem) -> tuple[int, int]:
    """Nano-units, and milligrams among equals, of all plans in halves of a quarter."""
    half_ws = problem.ac_power_w * 450
    halves = problem.full_ws_to(problem.target_percent) // half_ws
    curve = curve_of(problem.filling, problem.soc_percent, problem.target_percent)
    given_wh = [curve.wall_ws(number * half_ws) // 3_600 for number in range(halves + 1)]
    brings_wh = [after - before for before, after in pairwise(given_wh)]
    costs = []
    for plan in every_plan(problem, halves):
        on = [number for number, mark in enumerate(plan) if mark == "#"]
        told = [(at // 2, wall_wh) for at, wall_wh in zip(on, brings_wh, strict=True)]
        cost = sum(problem.slots[slot].price_micro_per_kwh * wall_wh for slot, wall_wh in told)
        costs.append((cost, sum(problem.carbon_g_per_kwh[slot] * wall_wh for slot, wall_wh in told)))
    return min(costs)


@pytest.mark.slow
def test_no_plan_of_a_short_night_is_cheaper() -> None:
    chance = random.Random(7)
    for _ in range(100):
        row = " ".join(str(chance.choice([1, 2, 3, 5, 9])) for _ in range(7))
        steps = (Weaker(2, 2_000, 2_000), Weaker(3, 1_000, 1_000))  # one percent in two halves, then in four
        grams = tuple(chance.choice([100, 200, 500]) for _ in range(7))
        problem = replace(weaker_night(row, chance.choice([3, 4]), *steps), carbon_g_per_kwh=grams)
        plan = cheapest(problem)
        assert (plan.cost_nano, plan.carbon_mg) == least_cost(problem), (row, grams, problem.target_percent)


@pytest.mark.slow
@pytest.mark.parametrize("nights", [15, pytest.param(60, marks=pytest.mark.long)])
def test_nights_above_the_knee_cost_what_a_mixed_integer_program_costs(nights: int) -> None:
    chance = random.Random(20241129)
    looked_at = 0
    while looked_at < nights:
        problem = in_the_cold(a_problem(chance, drawn(chance)), chance)
        if problem.weakens:
            looked_at += 1
            assert judged(problem, cheapest(problem)).is_exact


# ── the curve ──────────────────────────────────────────────────────────────────────────────────────


@st.composite
def fillings(draw: st.DrawFn) -> tuple[Filling, int, int]:
    """A battery, how full it is, and how full it is to be."""
    power_w, efficiency = draw(st.sampled_from([(11_040, 90), (7_360, 87), (1_380, 75)]))
    usable_wh, soc = draw(st.sampled_from([52_500, 57_500, 95_000])), draw(st.integers(0, 99))
    return Filling(usable_wh, power_w, efficiency, near_full(power_w, efficiency)), soc, draw(st.integers(soc + 1, 100))


@given(fillings())
def test_a_curve_begins_with_nothing_and_ends_with_what_is_needed(drawn_one: tuple[Filling, int, int]) -> None:
    filling, soc, target = drawn_one
    curve = curve_of(filling, soc, target)
    assert curve.wall(0) == 0
    assert curve.wall_ws(curve.full_ws) == filling.wall_wh(soc, target) * 3_600
    assert curve.full_ws == filling.full_ws(soc, target)
    assert filling.percent_after(soc, curve.full_ws) == target
    assert filling.percent_after(soc, curve.full_ws - 1) < target
    assert list(curve.edges) == sorted(set(curve.edges))
    assert all(later <= sooner * 1.00001 for sooner, later in pairwise(curve.slopes[1:-1]))  # but for a watt-second
    assert curve.is_straight_to(curve.full_ws) is (target <= 95)


@given(fillings())
def test_it_takes_as_long_as_the_simulated_battery_takes(drawn_one: tuple[Filling, int, int]) -> None:
    """In steps of one percent, at the power in the middle of each, where both suppose the same efficiency."""
    filling, soc, target = drawn_one
    if soc < 95 or filling.full_w != 11_040:
        return
    hours = [
        filling.usable_wh / 100_000 / battery_power_kw(tapered_kw(filling.full_w / 1_000, percent + 0.5))
        for percent in range(soc, target)
    ]
    assert filling.full_ws(soc, target) / filling.full_w / 3_600 == pytest.approx(sum(hours), rel=0.02)


def test_what_windows_cost_is_reckoned_in_the_order_of_use() -> None:
    problem = weaker_night("5 1 9 1 1 9 9 9", 4, HALF)
    plan: ChargePlan = cheapest(problem)
    assert cost_nano_of(problem, plan.windows) == plan.cost_nano
    assert list(accumulate(slot.wall_wh for slot in plan.slots))[-1] == plan.energy_wh == 2_000
