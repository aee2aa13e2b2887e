"""The planner is exact: it costs what a linear program costs, and no plan of equal cost is better.

HiGHS is the judge of cost; trying out every plan of a short night is the judge of ties.
"""

import random
from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations, groupby

import numpy as np
import pytest

from chargekey.domain.planning.cheapest import cheapest
from chargekey.domain.planning.many import Fleet, cheapest_many
from chargekey.domain.planning.problem import PlanProblem
from chargekey.domain.planning.ties import ROOM_BEFORE_READY_BY
from tests.domain.drawn import NOW, QUARTER, draw, night
from tests.oracle.linear import linear_program
from tests.oracle.problems import a_problem, at_full_power, drawn

# ── cost ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_a_thousand_random_nights_cost_what_a_linear_program_costs() -> None:
    chance = random.Random(20230110)
    for _ in range(1_000):
        problem = at_full_power(a_problem(chance, drawn(chance)))
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
    return cost, stray if problem.running else 0, starts, spare < timedelta(0), abs(spare), sum(on)


@pytest.mark.slow
def test_no_plan_of_a_short_night_is_better() -> None:
    chance = random.Random(42)
    for _ in range(150):
        row = " ".join(str(chance.choice([1, 1, 1, 2, 3])) for _ in range(7))
        halves = chance.randint(1, 13)
        running = chance.choice(["", "".join(chance.choice("#.") for _ in range(7))])
        problem = night(row, halves / 2, charging=chance.random() < 0.5, running=running)
        found = rank(problem, in_halves(draw(problem, cheapest(problem))))
        best = min(rank(problem, plan) for plan in every_plan(problem, halves))
        assert found == best, (row, halves, running, problem.charging)
