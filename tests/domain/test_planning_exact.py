"""The planner is exact: it costs what a linear program costs, and no plan of equal cost is better.

HiGHS is the judge of cost; trying out every plan of a short night is the judge of ties.
"""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import combinations, groupby

import numpy as np
import pytest

from chargekey.domain.planning.cheapest import cheapest
from chargekey.domain.planning.many import Fleet, cheapest_many
from chargekey.domain.planning.problem import PlanProblem
from chargekey.domain.planning.ties import ROOM_BEFORE_READY_BY
from chargekey.domain.planning.with_starts import cheapest_with_starts
from tests.domain.drawn import NOW, QUARTER, draw, night
from tests.oracle.judging import judged
from tests.oracle.linear import linear_program
from tests.oracle.problems import a_problem, at_full_power, drawn, in_the_cold

# ── cost ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_a_thousand_random_nights_cost_what_a_linear_program_costs() -> None:
    chance = random.Random(20230110)
    for _ in range(1_000):
        problem = in_the_cold(at_full_power(a_problem(chance, drawn(chance))), chance)
        assert cheapest(problem).cost_nano / 1e9 == pytest.approx(linear_program(problem), rel=1e-6, abs=1e-6)


def test_many_cars_at_once_cost_what_each_costs_alone() -> None:
    chance = np.random.default_rng(7)
    prices = chance.integers(-50_000, 600_000, (3, 60)) // 10_000 * 10_000
    first, length, need = chance.integers(0, 30, 200), chance.integers(1, 30, 200), chance.integers(0, 40, 200)
    tariff = chance.integers(0, 3, 200)
    fleet = Fleet(tariff, first, first + length, np.full(200, 1_000), need * 1_000)
    told = cheapest_many(prices, fleet)
    for car in range(200):
        row = " ".join(str(price // 10_000) for price in prices[tariff[car]][first[car] : first[car] + length[car]])
        plan = cheapest(night(row, int(need[car])))
        assert (told.cost_nano[car], told.missing_wh[car]) == (plan.cost_nano, plan.missing_wh)


@pytest.mark.slow
def test_with_a_cost_of_starts_it_costs_what_a_mixed_integer_program_costs() -> None:
    chance = random.Random(20241128)
    for number in range(200):
        problem = replace(a_problem(chance, drawn(chance)), start_cost_micro=chance.choice([2_000, 10_000, 60_000]))
        problem = in_the_cold(at_full_power(problem) if number % 4 else shorter(problem), chance)
        assert judged(problem, cheapest(problem)).is_exact, number


def shorter(problem: PlanProblem) -> PlanProblem:
    """The first hours of it: a program in which order and starts decide together takes minutes for a long night."""
    slots = problem.slots[:20]
    return replace(problem, slots=slots, ready_by=slots[-1].end if slots else problem.ready_by)


def test_one_car_costs_what_it_costs_among_many() -> None:
    chance = np.random.default_rng(11)
    rows = chance.integers(-10, 40, (60, 24)) // chance.integers(1, 12, (60, 1)) * 10_000
    for row in rows:
        quarters, cents = int(chance.integers(0, 26)), int(chance.integers(0, 4))
        plan = cheapest(night(" ".join(str(price // 10_000) for price in row), quarters, start_cents=cents))
        fleet = Fleet(*(np.array([value]) for value in (0, 0, 24, 1_000, 1_000 * quarters)))
        told = cheapest_with_starts(row[None, :], fleet, cents * 10_000_000)
        assert plan.cost_nano + plan.starts * cents * 10_000_000 == told.cost_nano[0]


def test_a_dear_start_is_saved_and_told_with_what_it_costs() -> None:
    problem = night("1 3 1 9 9 9 9 9", 2)
    free, dear = cheapest(problem), cheapest(replace(problem, start_cost_micro=50_000))
    assert (draw(problem, free), free.starts, free.why.starts_spared) == ("#.#.....", 2, 0)
    assert (draw(problem, dear), dear.starts, dear.why.starts_spared) == (".##.....", 1, 1)
    assert dear.why.paid_for_that_nano == 20_000_000
    assert (dear.why.dearest_price_micro_per_kwh, dear.why.next_price_micro_per_kwh) == (30_000, 90_000)


def test_what_goes_on_is_no_start_to_pay_for() -> None:
    for charging, drawn_plan, starts in ((True, "##......", 0), (False, "...##...", 1)):
        problem = night("3 3 9 1 4 9 9 9", 2, charging=charging, start_cents=3)
        plan = cheapest(problem)
        assert (draw(problem, plan), plan.starts) == (drawn_plan, starts)


# ── ties ───────────────────────────────────────────────────────────────────────────────────────────


def every_plan(problem: PlanProblem, halves: int) -> Iterator[str]:
    """All ways to charge that many halves of a quarter, drawn in halves."""
    count = 2 * len(problem.slots)
    for chosen in combinations(range(count), halves):
        yield "".join("#" if half in chosen else "." for half in range(count))


def in_halves(drawn: str) -> str:
    return "".join({"#": "##", "<": "#.", ">": ".#", ".": ".."}[mark] for mark in drawn)


def rank(problem: PlanProblem, halves: str) -> tuple[int, int, int, bool, timedelta, int]:
    """The order of the rules, written down once more and apart from the planner."""
    on = [number for number, mark in enumerate(halves) if mark == "#"]
    cost = sum(problem.slots[number // 2].price_micro_per_kwh for number in on)
    starts_at = [NOW + number * QUARTER / 2 for number in on]
    stray = sum(not any(w.start <= moment < w.end for w in problem.running) for moment in starts_at)
    starts = sum(mark == "#" for mark, _ in groupby(halves)) - (problem.charging and halves[0] == "#")
    spare = problem.ready_by - ROOM_BEFORE_READY_BY - (starts_at[-1] + QUARTER / 2)
    cost += starts * problem.start_cost_micro * 2  # a half is half a kWh
    return cost, stray if problem.running else 0, starts, spare < timedelta(0), abs(spare), sum(on)


@pytest.mark.slow
def test_no_plan_of_a_short_night_is_better() -> None:
    chance = random.Random(42)
    for number in range(150):
        row = " ".join(str(chance.choice([1, 1, 1, 2, 3])) for _ in range(7))
        halves = chance.randint(1, 13)
        running = chance.choice(["", "".join(chance.choice("#.") for _ in range(7))])
        problem = night(row, halves / 2, charging=chance.random() < 0.5, running=running, start_cents=number % 3)
        found = rank(problem, in_halves(draw(problem, cheapest(problem))))
        best = min(rank(problem, plan) for plan in every_plan(problem, halves))
        assert found == best, (row, halves, running, problem.charging)
