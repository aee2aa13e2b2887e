"""Hours that cost more than the driver would ever pay are left alone, whatever is missing then."""

import random
from dataclasses import replace

import pytest

from chargekey.domain.planning.cheapest import cheapest
from chargekey.domain.planning.problem import PlanProblem
from tests.domain.drawn import QUARTER, draw, night
from tests.domain.test_planning_ahead import with_ahead
from tests.oracle.problems import a_problem, drawn

CENT_MICRO = 10_000
OUT_OF_THE_QUESTION_MICRO = 1_000_000_000


def capped(problem: PlanProblem, cents: int) -> PlanProblem:
    return replace(problem, cap_micro_per_kwh=cents * CENT_MICRO)


@pytest.mark.parametrize(
    ("prices", "quarters", "cap_cents", "drawn_plan", "missing_wh", "barred_wh"),
    [
        ("9 1 5 1 9", 2, 4, ".#.#.", 0, 0),  # enough without them
        ("9 1 5 1 9", 3, 5, ".###.", 0, 0),  # as much as the cap is not too much
        ("9 1 5 1 9", 3, 4, ".#.#.", 1_000, 1_000),
        ("9 9 9", 2, 4, "...", 2_000, 2_000),
        ("1 1 9", 9, 4, "##.", 7_000, 1_000),  # out of reach whatever it costs, but for one quarter
        ("-3 -1 2", 3, -2, "#..", 2_000, 2_000),  # who wants to be paid
    ],
)
def test_what_costs_too_much_is_left_alone(
    prices: str, quarters: int, cap_cents: int, drawn_plan: str, missing_wh: int, barred_wh: int
) -> None:
    problem = capped(night(prices, quarters), cap_cents)
    plan = cheapest(problem)
    assert (draw(problem, plan), plan.missing_wh, plan.barred_wh) == (drawn_plan, missing_wh, barred_wh)
    assert plan.energy_wh + plan.missing_wh == 1_000 * quarters


def test_the_minimum_is_charged_whatever_it_costs() -> None:
    problem = capped(night("9 9 1 9", 3, owed=1), 4)
    plan = cheapest(problem)
    assert (draw(problem, plan), plan.missing_wh) == ("#.#.", 1_000)


def test_charging_as_much_at_once_is_told_for_what_it_costs() -> None:
    assert cheapest(capped(night("9 1 1", 2), 4)).why.cost_at_once_nano == 10 * 10_000_000
    assert cheapest(capped(night("9 1 9", 2), 4)).why.cost_at_once_nano == 9 * 10_000_000


def test_the_next_hour_is_one_that_may_be_taken() -> None:
    why = cheapest(capped(night("1 3 9 9", 1), 4)).why
    assert (why.dearest_price_micro_per_kwh, why.next_price_micro_per_kwh) == (CENT_MICRO, 3 * CENT_MICRO)
    assert cheapest(capped(night("1 9 9 9", 1), 4)).why.next_price_micro_per_kwh is None


def test_later_nights_leave_such_hours_alone_too() -> None:
    """A quarter for tonight, and two more for tomorrow: where tomorrow has no room below the cap, tonight takes one."""
    problem = with_ahead(night("8 8 8 8", 1), ("7 9", 6))
    assert (cheapest(problem).energy_wh, cheapest(capped(problem, 8)).energy_wh) == (2_000, 2_000)
    both = with_ahead(night("8 8 8 8", 1), ("7 7", 6))
    assert (cheapest(both).energy_wh, cheapest(capped(both, 7)).energy_wh) == (1_000, 0)


def test_what_nobody_knows_the_price_of_is_not_too_dear() -> None:
    problem = capped(night("9 9 9 9", 2), 4)
    for known, drawn_plan in ((0, "##.."), (1, ".##."), (2, "..##"), (4, "....")):
        at = replace(problem, prices_known_until=problem.now + known * QUARTER)
        assert draw(at, cheapest(at)) == drawn_plan
    mixed = replace(capped(night("9 3 9 9", 2), 4), prices_known_until=problem.slots[3].start)
    assert draw(mixed, cheapest(mixed)) == ".#.#"


def test_a_cap_is_an_input_of_its_own() -> None:
    problem = night("1 9", 1)
    assert len({one.inputs_hash for one in (problem, capped(problem, 4), capped(problem, 5))}) == 3


@pytest.mark.slow
def test_it_is_as_if_such_hours_were_out_of_the_question() -> None:
    """Where the others are enough: the same windows as at a price that nobody would choose, starts and all."""
    chance, compared = random.Random(20261129), 0
    for _ in range(400):
        problem = replace(a_problem(chance, drawn(chance)), start_cost_micro=chance.choice([0, 5_000]))
        cap = chance.choice([20, 30, 45])
        without = [
            replace(slot, price_micro_per_kwh=OUT_OF_THE_QUESTION_MICRO)
            if slot.price_micro_per_kwh > cap * CENT_MICRO
            else slot
            for slot in problem.slots
        ]
        plan = cheapest(capped(problem, cap))
        if not plan.missing_wh and not problem.minimum_percent:
            compared += 1
            assert plan.windows == cheapest(replace(problem, slots=tuple(without))).windows
    assert compared > 100
