"""A cold battery is warmed before anything arrives in it: the plan begins earlier, and is in time."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chargekey.domain.battery import near_full
from chargekey.domain.planning.ahead import left_for_later, shared_out
from chargekey.domain.planning.cheapest import cheapest
from chargekey.domain.planning.filling import Filling, curve_of
from chargekey.domain.planning.pieces import cut
from chargekey.domain.planning.problem import SECOND, NightAhead, PlanProblem, ProblemUnclear, Window
from chargekey.domain.tariff import PriceSlot
from tests.domain.drawn import draw, night
from tests.domain.test_planning_ahead import some_nights, with_ahead
from tests.domain.test_planning_laws import problems
from tests.oracle.problems import WARM_UPS_S
from tests.oracle.program import Program

QUARTER_S: Final = 900
A_KWH_WS: Final = 3_600_000
A_CENT_NANO: Final = 10_000_000


def cold(problem: PlanProblem, quarters: float = 1) -> PlanProblem:
    """As `drawn.night`: a quarter of warming takes 1 kWh at the wall."""
    return replace(problem, warm_up_s=int(quarters * QUARTER_S))


# ── drawn ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("prices", "needs", "warm_up", "owed", "drawn_plan"),
    [
        ("9 9 1 1 9 9 9 9", 2, 0, 0, "..##...."),
        ("9 9 1 1 9 9 8 9", 2, 1, 0, "..##..#."),  # once, in the first of the windows
        ("9 9 1 1 9 9 8 9", 2, 0.5, 0, "..##..<."),
        ("1 1 1 1 1 1 1 1", 2, 2, 0, "..####.."),  # begins earlier
        ("9 9 9 1 1 1 9 9", 4, 1, 1, "##.###.."),  # the minimum is owed with all that it takes
        ("9 9 9 9 1 1 1 1", 0, 3, 0, "........"),  # nothing to charge, nothing to warm
        ("1 1 1 1", 4, 1, 0, "####"),
    ],
)
def test_the_first_start_of_a_night_warms(
    prices: str, needs: float, warm_up: float, owed: int, drawn_plan: str
) -> None:
    problem = cold(night(prices, needs, owed=owed), warm_up)
    assert draw(problem, cheapest(problem)) == drawn_plan


def test_warming_is_paid_for_and_told_with_the_rest() -> None:
    plan = cheapest(cold(night("9 9 1 2 9 9 9 9", 2)))
    assert (plan.energy_wh, plan.cost_nano, plan.missing_wh) == (3_000, 12 * A_CENT_NANO, 0)
    assert plan.why.cost_at_once_nano == 19 * A_CENT_NANO


def test_a_night_too_short_tells_what_arrives_and_when_it_would_be_ready() -> None:
    problem = cold(night("1 1 1 1", 4), 2)
    plan = cheapest(problem)
    assert (plan.reached_percent, plan.missing_wh) == (4, 2_000)
    assert plan.ready_at == problem.ready_by + timedelta(minutes=30)


def test_who_leaves_while_it_warms_is_charged_all_the_same() -> None:
    """He may leave later than he said."""
    problem = cold(night("1 1", 4), 3)
    plan = cheapest(problem)
    assert (draw(problem, plan), plan.reached_percent, plan.missing_wh) == ("##", 0, 5_000)
    assert draw(problem, cheapest(with_ahead(problem, ("1 1 1 1", 4)))) == "##"


@pytest.mark.parametrize(
    ("prices", "cap_cents", "drawn_plan", "reached"),
    [
        ("9 1 9 1 9 1", 4, ".#.#.#", 4),
        ("9 1 9 9 9 9", 4, "......", 0),  # would only warm the battery
        ("9 1 9 1 9 9", 4, ".#.#..", 2),
    ],
)
def test_hours_below_the_cap_are_left_alone_where_they_would_only_warm(
    prices: str, cap_cents: int, drawn_plan: str, reached: int
) -> None:
    problem = replace(cold(night(prices, 4)), cap_micro_per_kwh=cap_cents * 10_000)
    plan = cheapest(problem)
    assert (draw(problem, plan), plan.reached_percent) == (drawn_plan, reached)


def test_a_minimum_that_warmed_it_leaves_the_cheap_hours_to_charge_in() -> None:
    problem = replace(cold(night("9 9 9 1 9 9", 3, owed=1)), cap_micro_per_kwh=40_000)
    plan = cheapest(problem)
    assert (draw(problem, plan), plan.reached_percent) == ("##.#..", 4)


def test_without_it_a_problem_is_what_it_was() -> None:
    problem = night("1 9", 1)
    assert cold(problem, 0).inputs_hash == problem.inputs_hash
    hashes = {cold(problem, quarters).inputs_hash for quarters in (0, 1, 2)}
    ahead = with_ahead(problem, ("1 1", 4))
    later = replace(ahead, ahead=(replace(ahead.ahead[0], warm_up_s=900),))
    assert len(hashes | {ahead.inputs_hash, later.inputs_hash}) == 5


def test_warming_for_less_than_no_time_is_refused() -> None:
    with pytest.raises(ProblemUnclear, match="warmed"):
        cold(night("1 9", 1), -1)
    with pytest.raises(ProblemUnclear, match="warmed"):
        replace(night("1 9", 1), ahead=(NightAhead(4, (), warm_up_s=-1),))


# ── nights ahead ───────────────────────────────────────────────────────────────────────────────────


def cold_later(problem: PlanProblem, *quarters: float) -> PlanProblem:
    """Nights ahead that each have to warm the battery again."""
    nights = zip(problem.ahead, quarters, strict=True)
    return replace(problem, ahead=tuple(replace(one, warm_up_s=int(some * QUARTER_S)) for one, some in nights))


@pytest.mark.parametrize(
    ("tonight", "needs", "later", "drawn_plan"),
    [
        (("5 5 5 5 5 5", 1), (0, 0), ("4 4 4", 4), "...#.."),
        (("5 5 5 5 5 5", 1), (0, 1), ("4 4 4", 4), "..##.."),  # to warm it once more costs more than a cent
        (("5 5 5 5 5 5", 1), (1, 1), ("4 4 4", 4), ".###.."),
        (("5 5 5 5 5 5", 0), (1, 1), ("4 4 4", 2), "......"),  # one night has to: the cheaper
        (("3 3 3 3 3 3", 0), (1, 1), ("4 4 4", 2), "..##.."),
        (("5 5 5 5 5 5", 1), (1, 3), ("1 1 1", 4), ".###.."),  # all of it would only warm
        (("5 5 5 5 5 5", 1), (1, 2), ("1 1 1", 6), ".###.."),  # 15 ct and 3 ct against 20 ct at once
    ],
)
def test_another_night_that_charges_has_to_warm_it_again(
    tonight: tuple[str, int], needs: tuple[float, float], later: tuple[str, int], drawn_plan: str
) -> None:
    problem = cold_later(with_ahead(cold(night(*tonight), needs[0]), later), needs[1])
    plan = cheapest(problem)
    assert draw(problem, plan) == drawn_plan
    assert plan.missing_wh == 0


def test_what_a_night_leaves_for_later_is_told_with_their_warming() -> None:
    problem = cold_later(with_ahead(cold(night("5 5 5 5", 1)), ("4 4 4 4", 6)), 1)
    assert left_for_later(problem, 2 * A_KWH_WS) == (0, 3 * 4 * A_CENT_NANO)
    assert left_for_later(problem, 4 * A_KWH_WS) == (0, 0)
    short = cold_later(with_ahead(cold(night("5 5 5 5", 1)), ("4 4", 6)), 1)
    assert left_for_later(short, 2 * A_KWH_WS) == (A_KWH_WS, 2 * 4 * A_CENT_NANO)


def mixed_program(problem: PlanProblem) -> tuple[list[float], float]:
    """What lacks for each goal, in kWh, and the least cost in currency, by a program with a choice for every night.

    The goals are taken one after the other: as little as can be is to lack of each, before the next is asked about.
    """
    lacks: list[float] = []
    for _ in range(len(problem.ahead) + 1):
        lacks.append(_mixed(problem, lacks, for_cost=False))
    return lacks, _mixed(problem, lacks, for_cost=True)


def _room(problem: PlanProblem, slot: PriceSlot) -> tuple[int, int, bool]:
    return slot.price_micro_per_kwh, int((slot.end - slot.start) / SECOND) * problem.ac_power_w, False


def _mixed(problem: PlanProblem, lacks: Sequence[float], *, for_cost: bool) -> float:
    tonight = [(one.price_micro_per_kwh, one.room_ws, one.is_owed) for one in cut(problem)]
    nights = [tonight, *([_room(problem, slot) for slot in one.slots] for one in problem.ahead)]
    warm_up_s = [problem.warm_up_s, *(one.warm_up_s for one in problem.ahead)]
    percents = [problem.target_percent, *(one.target_percent for one in problem.ahead)]
    warm_kwh = [-(-length_s * problem.ac_power_w // 3_600) / 1_000 for length_s in warm_up_s]
    program, brings, bare = Program(), dict[int, float](), replace(problem, warm_up_s=0)
    for night_number, rooms in enumerate(nights):
        charges, amounts = program.choice(), dict[int, float]()
        for price, room_ws, is_owed in rooms:
            amount = program.amount(room_ws / A_KWH_WS, cost=price / 1e6 if for_cost else 0.0)
            program.row({amount: 1.0, charges: -room_ws / A_KWH_WS}, most=0.0)
            program.row({amount: 1.0}, least=room_ws / A_KWH_WS if is_owed else 0.0)
            amounts[amount] = 1.0
        owed_kwh = sum(room_ws for _, room_ws, is_owed in rooms if is_owed) / A_KWH_WS
        warms = min(warm_kwh[night_number], sum(room_ws for _, room_ws, _ in rooms) / A_KWH_WS)
        program.row({**amounts, charges: -warms}, least=0.0)
        program.row({charges: 1.0}, least=1.0 if owed_kwh else 0.0)
        brings |= {**amounts, charges: -warms}
        lack = program.amount(cost=0.0 if for_cost or night_number != len(lacks) else 1.0)
        program.row({**brings, lack: 1.0}, least=bare.full_ws_to(percents[night_number]) / A_KWH_WS)
        if night_number < len(lacks):
            program.row({lack: 1.0}, most=lacks[night_number] + 1e-7)
    return program.least()


@pytest.mark.slow
def test_cold_weeks_cost_what_a_program_with_a_choice_for_every_night_costs() -> None:
    chance, warmed_later = random.Random(20261129), 0
    for number in range(250):
        problem = cold_weeks(chance)
        share = shared_out(problem, cut(problem))
        lacks, cost = mixed_program(problem)
        assert [one / A_KWH_WS for one in share.lacks_ws] == pytest.approx(lacks, abs=1e-5), number
        assert share.cost / A_KWH_WS / 1e6 == pytest.approx(cost, rel=1e-5, abs=1e-5), number
        warmed_later += any(share.by_night_ws[1:])
    assert warmed_later > 50


def cold_weeks(chance: random.Random) -> PlanProblem:
    """No price below zero: to be paid for warming alone is nothing that a car does."""
    problem = some_nights(chance, least_cents=5)
    ahead = tuple(replace(one, warm_up_s=chance.choice(WARM_UPS_S)) for one in problem.ahead)
    return replace(problem, ahead=ahead, warm_up_s=chance.choice(WARM_UPS_S))


# ── the curve ──────────────────────────────────────────────────────────────────────────────────────


@st.composite
def cold_ones(draw: st.DrawFn) -> tuple[Filling, int, int]:
    """A cold battery, how full it is, and how full it is to be."""
    power_w, efficiency = draw(st.sampled_from([(11_040, 90), (7_360, 87), (1_380, 75)]))
    weakens = draw(st.sampled_from([(), near_full(power_w, efficiency)]))
    soc = draw(st.integers(0, 99))
    usable_wh, warm_up_s = draw(st.sampled_from([52_500, 95_000])), draw(st.integers(1, 2_700))
    filling = Filling(usable_wh, power_w, efficiency, weakens, warm_up_s)
    return filling, soc, draw(st.integers(soc + 1, 100))


@given(cold_ones())
def test_warming_stands_before_all_the_rest(drawn_one: tuple[Filling, int, int]) -> None:
    filling, soc, target = drawn_one
    warm = replace(filling, warm_up_s=0)
    curve = curve_of(filling, soc, target)
    took_ws = filling.warm_up_ws
    assert 0 <= took_ws - filling.warm_up_s * filling.full_w < 3_600
    assert filling.full_ws(soc, target) == curve.full_ws == warm.full_ws(soc, target) + took_ws
    assert filling.wall_wh(soc, target) == warm.wall_wh(soc, target) + took_ws // 3_600
    assert curve.wall_ws(took_ws) == took_ws or not curve.is_straight_to(took_ws)  # a quarter at its mean power
    assert filling.percent_after(soc, took_ws) == filling.percent_reached(soc, took_ws) == soc
    assert filling.percent_after(soc, curve.full_ws) == filling.percent_reached(soc, curve.full_ws) == target
    assert filling.percent_after(soc, curve.full_ws - 1) == target - 1
    assert (filling.full_ws(target, target), filling.wall_wh(target, soc)) == (0, 0)
    assert all(later <= sooner * 1.00001 for sooner, later in pairwise(curve.slopes[1:-1]))


# ── laws ───────────────────────────────────────────────────────────────────────────────────────────


def arrived_ws(problem: PlanProblem, windows: Sequence[Window]) -> int:
    """What is left of these windows when the battery was warmed, in watt-seconds at full power: reckoned once more."""
    drawn_s = sum(int((end - start) / SECOND) for start, end in windows)
    return max(0, drawn_s - problem.warm_up_s) * problem.ac_power_w


@given(problems())
@settings(max_examples=200)
def test_a_goal_in_reach_is_reached_in_spite_of_the_cold(problem: PlanProblem) -> None:
    plan, bare = cheapest(problem), replace(problem, warm_up_s=0)
    need_ws = bare.full_ws_to(problem.target_percent)
    room_s = sum(int((slot.end - slot.start) / SECOND) for slot in problem.slots)
    if need_ws and not plan.missing_wh:
        assert arrived_ws(problem, plan.windows) >= need_ws
        assert max(end for _, end in plan.windows) == plan.ready_at <= problem.ready_by
    if plan.missing_wh:
        assert need_ws > (room_s - problem.warm_up_s - 1) * problem.ac_power_w


@given(problems())
def test_what_arrives_of_a_goal_out_of_reach_is_told(problem: PlanProblem) -> None:
    plan, bare = cheapest(problem), replace(problem, warm_up_s=0)
    if plan.missing_wh:
        arrives_ws = max(0, arrived_ws(problem, plan.windows) - 3_600)
        assert plan.reached_percent in range(
            bare.filling.percent_after(problem.soc_percent, arrives_ws),
            bare.filling.percent_after(problem.soc_percent, arrives_ws + 3_600 + problem.ac_power_w) + 1,
        )
