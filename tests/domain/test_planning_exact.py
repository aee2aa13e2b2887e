"""The planner is exact: it costs what a linear program costs, and no plan of equal cost is better.

HiGHS is the judge of cost; trying out every plan of a short night is the judge of ties.
"""

import math
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import combinations, groupby

import highspy
import numpy as np
import pytest

from chargekey.domain.planning.cheapest import cheapest
from chargekey.domain.planning.many import Fleet, cheapest_many
from chargekey.domain.planning.problem import PlanProblem, pose
from chargekey.domain.planning.ties import ROOM_BEFORE_READY_BY
from chargekey.domain.tariff import Prices, PriceSlot
from tests.domain.drawn import NOW, QUARTER, draw, night

START = datetime(2023, 1, 10, 15, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


# ── cost ───────────────────────────────────────────────────────────────────────────────────────────


def a_problem(chance: random.Random) -> PlanProblem:
    """Any evening: hourly prices (some below zero, some equal), any second of arrival, any need."""
    cents = [chance.choice([chance.randint(-20, 60), 25]) for _ in range(30)]
    slots = tuple(
        PriceSlot(START + n * HOUR, START + (n + 1) * HOUR, price * 10_000 + chance.choice([0, 0, 1_370]))
        for n, price in enumerate(cents)
    )
    soc = chance.randint(0, 100)
    target = chance.randint(0, 100)
    return pose(
        Prices(slots, START + 30 * HOUR, "made up", "Europe/Amsterdam"),
        now=START + timedelta(seconds=chance.randint(0, 8 * 3600)),
        ready_by=START + timedelta(minutes=chance.randint(9 * 60, 30 * 60)),
        soc_percent=soc,
        target_percent=target,
        minimum_percent=chance.choice([0, 0, chance.randint(0, target)]),
        usable_wh=chance.choice([52_500, 57_500, 75_000, 95_000]),
        ac_power_w=chance.choice([1_380, 3_680, 7_360, 8_970, 11_040]),
        efficiency_percent=chance.choice([75, 87, 90]),
        charging=chance.random() < 0.5,
    )


def linear_program(problem: PlanProblem) -> float:
    """The least cost in currency: as much as fits of the target, the minimum filled from now on."""
    lengths_h = np.array([(slot.end - slot.start) / HOUR for slot in problem.slots])
    room_kwh = lengths_h * problem.ac_power_w / 1_000
    wanted_kwh = problem.wall_wh_to(problem.target_percent) / 1_000
    owed_s = math.ceil(problem.wall_wh_to(problem.minimum_percent) * 3_600 / problem.ac_power_w)
    owed_kwh = min(problem.ac_power_w * owed_s / 3_600_000, wanted_kwh)
    filled = np.clip(owed_kwh - (np.cumsum(room_kwh) - room_kwh), 0, room_kwh)
    need_kwh = min(wanted_kwh, room_kwh.sum())
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(room_kwh), 1
    program.col_cost_ = np.array([slot.price_micro_per_kwh / 1e6 for slot in problem.slots])
    program.col_lower_, program.col_upper_ = filled, room_kwh
    program.row_lower_ = program.row_upper_ = np.array([need_kwh])
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = np.array([0, len(room_kwh)])
    program.a_matrix_.index_, program.a_matrix_.value_ = np.arange(len(room_kwh)), np.ones(len(room_kwh))
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.passModel(program)
    solver.run()
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return float(solver.getInfo().objective_function_value)


@pytest.mark.slow
def test_a_thousand_random_nights_cost_what_a_linear_program_costs() -> None:
    chance = random.Random(20230110)
    for _ in range(1_000):
        problem = a_problem(chance)
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
