"""The planner, drawn: the cases a person thinks of."""

from datetime import timedelta

import pytest

from chargekey.domain.planning.cheapest import cheapest
from tests.domain.drawn import NOW, QUARTER, draw, night

HALF_AN_HOUR = timedelta(minutes=30)


@pytest.mark.parametrize(
    ("prices", "quarters", "leave_after", "drawn", "short_wh"),
    [
        # what is cheap
        ("9 9 1 1 9 9 9 9", 2, 8, "..##....", 0),
        ("3 1 4 1 5 9 2 6", 3, 8, ".#.#..#.", 0),  # cost before starts
        ("3 1 4 1 5 9 2 6", 2.5, 8, ".#.#..<.", 0),  # the dearest is used in part
        ("1 5 1 9 9 9 9 9", 2.5, 8, "#<#.....", 0),  # even in the middle, if that is cheapest
        ("0 0 0 0 0 0 0 0", 2, 8, "....##..", 0),
        # few starts
        ("9 9 1 1 9 1 9 9", 2, 8, "..##....", 0),  # equal prices: one window rather than two
        ("1 9 1 1 9 1 1 1", 4, 8, "..##.##.", 0),  # two windows rather than three
        ("5 1 5 5 1 5 9 9", 4, 8, ".####...", 0),  # a bridge saves a start
        ("5 1 5 5 1 5 9 9", 3, 8, ".#..##..", 0),  # half a bridge saves no start
        ("5 1 5 5 1 5 9 9", 2.5, 8, ".#..#<..", 0),  # half a quarter sticks to a neighbour
        # late, but half an hour before leaving
        ("1 1 1 1 1 1 1 1", 3, 8, "...###..", 0),
        ("1 1 1 1 1 1 1 1", 2.5, 8, "...>##..", 0),
        ("1 1 1 1 1 1 1 1", 7, 8, "#######.", 0),  # no room for half an hour: as much as there is
        ("9 9 9 9 9 9 1 1", 2, 8, "......##", 0),  # a cheap end is worth more than the half hour
        # leaving
        ("9 9 1 1 9 1 9 9", 3, 4, ".###", 0),  # what comes after leaving is out of reach
        ("1 1 1 1 1 1 1 1", 9, 4, "####", 5_000),  # too little time: all of it, and say so
        ("9 1 9 1 9 1 9 1", 8, 8, "########", 0),  # exactly enough
        ("9 1 9 1 9 1 9 1", 0, 8, "........", 0),  # nothing to do
    ],
)
def test_the_cheapest_plan(prices: str, quarters: float, leave_after: int, drawn: str, short_wh: int) -> None:
    problem = night(prices, quarters, leave_after=leave_after)
    plan = cheapest(problem)
    assert draw(problem, plan) == drawn
    assert plan.missing_wh == short_wh
    assert plan.energy_wh == 1_000 * quarters - short_wh


@pytest.mark.parametrize(
    ("prices", "quarters", "owed", "drawn"),
    [
        ("9 9 9 1 1 1 9 9", 4, 1, "#..###.."),
        ("9 9 9 1 1 1 9 9", 4, 2, "##..##.."),
        ("9 9 9 1 1 1 9 9", 4, 4, "####...."),
        ("9 9 9 9 9 9 9 9", 4, 2, "####...."),  # it charges already: going on is no start
    ],
)
def test_the_minimum_is_charged_at_once(prices: str, quarters: float, owed: int, drawn: str) -> None:
    problem = night(prices, quarters, owed=owed)
    assert draw(problem, cheapest(problem)) == drawn


@pytest.mark.parametrize(
    ("prices", "quarters", "charging", "running", "drawn", "starts"),
    [
        ("1 1 1 1 1 1 1 1", 3, False, "", "...###..", 1),
        ("1 1 1 1 1 1 1 1", 3, True, "", "###.....", 0),  # to stop and start again would be a start
        ("1 1 1 1 1 1 1 1", 3, False, ".###....", ".###....", 1),  # the plan now running stays
        ("1 1 1 1 1 1 1 1", 3, False, "#.#.#...", "#.#.#...", 3),  # even if another had fewer starts
        ("1 1 1 1 1 1 1 1", 2, False, ".###....", "..##....", 1),  # less is needed than was thought
        ("1 1 1 1 1 1 1 1", 4, False, ".###....", ".####...", 1),  # more is needed
        ("9 9 9 9 1 1 1 9", 3, True, "###.....", "....###.", 1),  # but never for money
    ],
)
def test_among_equal_cost_the_plan_now_running_stays(
    prices: str, quarters: float, charging: bool, running: str, drawn: str, starts: int
) -> None:
    problem = night(prices, quarters, charging=charging, running=running)
    plan = cheapest(problem)
    assert draw(problem, plan) == drawn
    assert plan.starts == starts


def test_a_goal_out_of_reach_says_when_it_would_be_reached() -> None:
    plan = cheapest(night("1 1 1 1", 9))
    assert plan.ready_at == NOW + 9 * QUARTER
    assert plan.reached_percent == 8  # four quarters of nine, in halves
    assert plan.missing_wh == 5_000


def test_a_reached_goal_is_ready_with_its_last_window() -> None:
    plan = cheapest(night("9 9 1 1 9 9 9 9", 2))
    assert plan.ready_at == NOW + 4 * QUARTER
    assert plan.reached_percent == 4


def test_the_plan_says_why_these_hours() -> None:
    plan = cheapest(night("9 7 1 2 8 9 4 9", 2))
    assert plan.cost_cents == 3
    assert plan.cost_at_once_cents == 16
    assert plan.why.dearest_price_micro_per_kwh == 20_000
    assert plan.why.next_price_micro_per_kwh == 40_000
    assert plan.why.moving_one_kwh_costs_micro == 20_000


def test_a_quarter_used_in_part_is_itself_the_next_best() -> None:
    assert cheapest(night("9 7 1 2 8 9 4 9", 1.5)).why.moving_one_kwh_costs_micro == 0


def test_without_a_choice_there_is_no_next_best() -> None:
    why = cheapest(night("9 7 1", 3)).why
    assert (why.dearest_price_micro_per_kwh, why.next_price_micro_per_kwh) == (90_000, None)
    assert why.moving_one_kwh_costs_micro is None


def test_energy_and_cost_are_told_by_slot() -> None:
    plan = cheapest(night("9 9 1 2 9 9 9 9", 1.5))
    assert [slot.wall_wh for slot in plan.slots] == [0, 0, 1_000, 500, 0, 0, 0, 0]
    assert plan.cost_nano == 10_000 * 1_000 + 20_000 * 500
    assert plan.cost_micro == 20_000
