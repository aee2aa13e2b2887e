"""Many cars at once, each start at a price: held to a mixed-integer program, and to `cheapest_many` if it is free."""

from itertools import groupby, pairwise

import numpy as np
import pytest

from chargekey.domain.planning.many import Fleet, Whole, cheapest_many
from chargekey.domain.planning.with_starts import FleetPlans, cheapest_with_starts
from tests.oracle.finest import Level, Span, Stage, least_cost

ROOM_WH = 1_000
QUARTER_H = 0.25
CENT_NANO = 10_000_000


def prices(drawn: str) -> Whole:
    """One tariff: cents per kWh, one number a slot."""
    return np.array([[int(cents) * 10_000 for cents in drawn.split()]])


def one_car(slots: int, need_wh: int) -> Fleet:
    return Fleet(*(np.array([value]) for value in (0, 0, slots, ROOM_WH, need_wh)))


def drawn(plans: FleetPlans, car: int = 0) -> str:
    """`#` is a whole slot, `.` none, `<` a part at the slot's head, `>` at its tail."""
    part = ">" if plans.part_is_tail[car] else "<"
    return "".join("#" if wh == ROOM_WH else part if wh else "." for wh in plans.taken_wh[car])


def a_fleet(chance: np.random.Generator, cars: int) -> tuple[Whole, Fleet]:
    """Short nights, prices with ties and below zero, needs that are whole slots, a sliver more, or too much."""
    rows = chance.integers(-10, 40, (5, 16)) // chance.integers(1, 12, (5, 1)) * 10_000
    first = chance.integers(0, 8, cars)
    end = np.minimum(first + chance.integers(1, 13, cars), 16)
    need_wh = chance.integers(0, 12, cars) * ROOM_WH + chance.choice([0, 0, 1, 370, 500, 999], cars)
    return rows, Fleet(chance.integers(0, 5, cars), first, end, np.full(cars, ROOM_WH), need_wh)


def by_highs(rows: Whole, fleet: Fleet, car: int, start_nano: int) -> float:
    own = rows[fleet.tariff[car], fleet.first[car] : fleet.end[car]]
    power = Level(ROOM_WH / QUARTER_H / 1e3, ROOM_WH / QUARTER_H / 1e3)
    need_wh = min(int(fleet.need_wh[car]), len(own) * ROOM_WH)
    spans = [Span(QUARTER_H, price / 1e6) for price in own]
    return least_cost(spans, [Stage(need_wh / 1e3, (power,))], start_cost=start_nano / 1e9)


@pytest.mark.parametrize(
    ("row", "need_wh", "start_cents", "plan", "starts"),
    [
        ("3 1 4 1 5 9 2 6", 3_000, 0, ".#.#..#.", 3),
        ("3 1 4 1 5 9 2 6", 3_000, 3, ".###....", 1),  # a dearer slot between costs less than a start
        ("9 1 9 1 9 9 9 9", 2_000, 3, ".#.#....", 2),
        ("9 1 9 1 9 9 9 9", 2_000, 9, "##......", 1),
        ("9 1 9 1 9 9 9 9", 2_000, 8, "##......", 1),  # equal: the earlier slots
        ("9 1 5 1 9 9 9 9", 2_001, 9, ".##<....", 1),  # the sliver sticks to the run
        ("9 5 1 1 9 9 9 9", 2_500, 1, ".>##....", 1),  # before it, where that is cheaper
        ("1 9 1 1 9 9 9 9", 2_500, 1, "#.#<....", 2),
        ("-5 -5 9 9 9 -5 9 9", 3_000, 1, "##...#..", 2),
        ("1 1", 5_000, 1, "##", 1),  # out of reach: all there is
        ("1 1", 0, 1, "..", 0),
    ],
)
def test_the_cheapest_plan_with_starts(row: str, need_wh: int, start_cents: int, plan: str, starts: int) -> None:
    rows = prices(row)
    plans = cheapest_with_starts(rows, one_car(rows.shape[1], need_wh), start_cents * CENT_NANO)
    assert (drawn(plans), plans.starts[0]) == (plan, starts)


def test_a_sliver_of_a_slot_bridges_no_gap() -> None:
    """Were it no pause, one start would do and the night would cost five cents less."""
    plans = cheapest_with_starts(prices("1 1 9 1 1"), one_car(5, 4_001), 5 * CENT_NANO)
    assert (drawn(plans), plans.starts[0]) == ("##<##", 2)
    assert plans.cost_nano[0] == (4 + 2 * 5) * CENT_NANO + 9 * 10_000


@pytest.mark.slow
@pytest.mark.parametrize("start_nano", [0, CENT_NANO // 5, CENT_NANO, 6 * CENT_NANO])
def test_random_fleets_cost_what_a_mixed_integer_program_costs(start_nano: int) -> None:
    rows, fleet = a_fleet(np.random.default_rng(20230110 + start_nano), 150)
    plans = cheapest_with_starts(rows, fleet, start_nano)
    for car in range(len(fleet.need_wh)):
        assert plans.cost_nano[car] / 1e9 == pytest.approx(by_highs(rows, fleet, car, start_nano), abs=1e-6)


def starts_of(marks: str) -> int:
    """Counted by what is drawn, in halves of a slot."""
    halves = "".join({"#": "##", ".": "..", "<": "#.", ">": ".#"}[mark] for mark in marks)
    return sum(mark == "#" for mark, _ in groupby(halves))


@pytest.mark.parametrize("start_nano", [0, CENT_NANO // 5, CENT_NANO, 6 * CENT_NANO])
def test_what_is_taken_adds_up_to_what_is_told(start_nano: int) -> None:
    rows, fleet = a_fleet(np.random.default_rng(11), 2_000)
    plans = cheapest_with_starts(rows, fleet, start_nano)
    slot = np.arange(rows.shape[1])
    is_there = (fleet.first[:, None] <= slot) & (slot < fleet.end[:, None])
    assert not plans.taken_wh[~is_there].any()
    assert (plans.taken_wh.sum(axis=1) + plans.missing_wh == fleet.need_wh).all()
    assert [starts_of(drawn(plans, car)) for car in range(len(plans.starts))] == plans.starts.tolist()
    energy_nano = (plans.taken_wh * rows[fleet.tariff]).sum(axis=1)
    assert (plans.cost_nano == energy_nano + plans.starts * start_nano).all()


def test_where_starts_are_free_it_costs_what_the_planner_without_starts_says() -> None:
    rows, fleet = a_fleet(np.random.default_rng(5), 3_000)
    with_starts, without = cheapest_with_starts(rows, fleet, 0), cheapest_many(rows, fleet)
    assert (with_starts.cost_nano == without.cost_nano).all()
    assert (with_starts.missing_wh == without.missing_wh).all()


def test_dearer_starts_are_never_more_starts() -> None:
    rows, fleet = a_fleet(np.random.default_rng(3), 1_000)
    told = [cheapest_with_starts(rows, fleet, cents * CENT_NANO).starts for cents in range(1, 20, 3)]
    assert all((few <= many).all() for many, few in pairwise(told))
