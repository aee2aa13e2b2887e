"""What holds for every night, whatever the prices, the car and the driver."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Final

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from chargekey.domain.battery import near_full
from chargekey.domain.planning.cheapest import cheapest
from chargekey.domain.planning.cost import cost_nano_of
from chargekey.domain.planning.filling import curve_of
from chargekey.domain.planning.plan import ChargePlan
from chargekey.domain.planning.problem import SECOND, PlanProblem, Weighing, pose
from chargekey.domain.tariff import Prices, PriceSlot, round_half_even
from tests.architecture.tree import ROOT

Planner = Callable[[PlanProblem], ChargePlan]
Law = Callable[[PlanProblem, Planner], bool]

START = datetime(2024, 2, 6, 16, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
HOURS_KNOWN = 20
ROUNDED_NANO = 1
PLANS_OF_A_PROCESS: Final = """
from hashlib import sha256
from chargekey.domain.planning.cheapest import cheapest
from tests.oracle.problems import problem_number
plans = [cheapest(problem_number(number, 1)[1]) for number in range(100)]
print(sha256(repr(plans).encode()).hexdigest())
"""


@st.composite
def problems(draw: st.DrawFn) -> PlanProblem:
    """An evening with hourly prices, ties on purpose; the car comes and leaves at any minute."""
    cents = draw(st.lists(st.sampled_from([-3, 0, 7, 8, 20, 31]), min_size=HOURS_KNOWN, max_size=HOURS_KNOWN))
    slots = tuple(PriceSlot(START + n * HOUR, START + (n + 1) * HOUR, price * 10_000) for n, price in enumerate(cents))
    now = START + draw(st.integers(0, 10 * 60)) * MINUTE + timedelta(seconds=draw(st.integers(0, 59)))
    target = draw(st.one_of(st.integers(50, 100), st.integers(96, 100)))
    power_w, efficiency = draw(st.sampled_from([(3_680, 87), (11_040, 90)]))
    problem = pose(
        Prices(slots, slots[-1].end, "drawn", "Europe/Amsterdam"),
        now=now,
        ready_by=now + draw(st.integers(1, 9 * 60)) * MINUTE,
        soc_percent=draw(st.integers(0, 100)),
        target_percent=target,
        minimum_percent=draw(st.integers(0, target)),
        usable_wh=draw(st.sampled_from([52_500, 75_000])),
        ac_power_w=power_w,
        efficiency_percent=efficiency,
        charging=draw(st.booleans()),
        weakens=draw(st.sampled_from([(), near_full(power_w, efficiency)])),
        weighing=Weighing(start_cost_micro=draw(st.sampled_from([0, 0, 10_000, 60_000]))),
    )
    return replace(problem, warm_up_s=draw(st.sampled_from([0, 0, 900, 1_800, 2_700, 1_337])))


def filled_nano(problem: PlanProblem, slots: Sequence[PriceSlot]) -> int:
    """The cost of filling these slots one after the other, as they come, until there is enough."""
    curve, gone_ws, cost = curve_of(problem.filling, problem.soc_percent, problem.target_percent), 0, 0
    for slot in slots:
        room_ws = problem.ac_power_w * round((slot.end - slot.start).total_seconds())
        then_ws = min(gone_ws + room_ws, curve.full_ws)
        cost += (curve.wall(then_ws) - curve.wall(gone_ws)) * slot.price_micro_per_kwh
        gone_ws = then_ws
    return round_half_even(cost, 3_600 * curve.parts)


def start_nano(problem: PlanProblem) -> int:
    return problem.start_cost_micro * 1_000


def with_starts_nano(problem: PlanProblem, plan: ChargePlan) -> int:
    """What the planner weighs."""
    return plan.cost_nano + plan.starts * start_nano(problem)


def room_ws(problem: PlanProblem) -> int:
    """What all slots give at full power."""
    return sum(problem.ac_power_w * ((slot.end - slot.start) // SECOND) for slot in problem.slots)


def leaving(problem: PlanProblem, ready_by: datetime) -> PlanProblem:
    """The same night, left at another time."""
    slots = [replace(slot, end=min(slot.end, ready_by)) for slot in problem.slots if slot.start < ready_by]
    return replace(problem, ready_by=ready_by, slots=tuple(slots))


# ── the four laws, each a statement about any planner ──────────────────────────────────────────────


def is_never_late(problem: PlanProblem, planner: Planner) -> bool:
    """A goal in reach is reached in time, with all that it needs; of one out of reach it is said what is missing."""
    plan = planner(problem)
    need_wh, need_ws = problem.wall_wh_to(problem.target_percent), problem.full_ws_to(problem.target_percent)
    is_told = (plan.missing_wh == 0) == (need_ws <= room_ws(problem)) and plan.energy_wh + plan.missing_wh == need_wh
    return is_told and (bool(plan.missing_wh) or plan.ready_at <= problem.ready_by)


def is_never_dearer_than_at_once(problem: PlanProblem, planner: Planner) -> bool:
    """What it costs to plug in and charge is reckoned here, and not asked of the planner."""
    most = filled_nano(problem, problem.slots) + (not problem.charging) * start_nano(problem)
    return with_starts_nano(problem, planner(problem)) <= most + ROUNDED_NANO


def is_never_dearer_for_leaving_later(problem: PlanProblem, planner: Planner) -> bool:
    """Compared with leaving at any earlier full hour for which the goal is in reach too."""
    later = planner(problem)
    hours = range(1, int((problem.ready_by - problem.now) / HOUR) + 1)
    sooner = [planner(leaving(problem, problem.ready_by - n * HOUR)) for n in hours]
    return all(
        later.missing_wh <= plan.missing_wh
        and (plan.missing_wh or with_starts_nano(problem, later) <= with_starts_nano(problem, plan))
        for plan in sooner
    )


def is_always_the_same(problem: PlanProblem, planner: Planner) -> bool:
    """Equal inputs, made anew, give an equal plan."""
    return planner(replace(problem)) == planner(problem)


LAWS: Final[tuple[Law, ...]] = (
    is_never_late,
    is_never_dearer_than_at_once,
    is_never_dearer_for_leaving_later,
    is_always_the_same,
)


@pytest.mark.parametrize("law", LAWS)
@given(problem=problems())
def test_the_planner_keeps_the_law(law: Law, problem: PlanProblem) -> None:
    assert law(problem, cheapest)


# ── planners that each break one of them ───────────────────────────────────────────────────────────


def charges_too_little(problem: PlanProblem) -> ChargePlan:
    return cheapest(replace(problem, usable_wh=problem.usable_wh * 9 // 10))


def is_late_by_a_minute(problem: PlanProblem) -> ChargePlan:
    plan = cheapest(problem)
    return replace(plan, ready_at=problem.ready_by + MINUTE)


def takes_the_dearest(problem: PlanProblem) -> ChargePlan:
    upside_down = [replace(slot, price_micro_per_kwh=-slot.price_micro_per_kwh) for slot in problem.slots]
    plan = cheapest(replace(problem, slots=tuple(upside_down)))
    return replace(plan, cost_nano=-plan.cost_nano)


def charges_as_late_as_possible(problem: PlanProblem) -> ChargePlan:
    return replace(cheapest(problem), cost_nano=filled_nano(problem, problem.slots[::-1]))


def changes_its_mind(problem: PlanProblem) -> ChargePlan:
    return replace(cheapest(problem), planner_version=str(next(TURNS)))


TURNS: Final = count()


@pytest.mark.parametrize(
    ("law", "planner"),
    [
        (is_never_late, charges_too_little),
        (is_never_late, is_late_by_a_minute),
        (is_never_dearer_than_at_once, takes_the_dearest),
        (is_never_dearer_for_leaving_later, charges_as_late_as_possible),
        (is_always_the_same, changes_its_mind),
    ],
)
def test_a_planner_that_breaks_the_law_is_found(law: Law, planner: Planner) -> None:
    unshrunk = settings(phases=[Phase.generate], database=None)
    found = find(problems(), lambda problem: not law(problem, planner), settings=unshrunk)
    assert law(found, cheapest)


@pytest.mark.slow
def test_another_process_makes_the_same_plans() -> None:
    """Sets and hashes of another process come in another order."""
    told = {hashed_plans(seed) for seed in ("1", "2")}
    assert len(told) == 1


def hashed_plans(seed: str) -> str:
    asked = (sys.executable, "-c", PLANS_OF_A_PROCESS)
    alone = {"PYTHONHASHSEED": seed}
    return subprocess.run(asked, cwd=ROOT, env=alone, check=True, capture_output=True, text=True).stdout


# ── the rest ───────────────────────────────────────────────────────────────────────────────────────


@given(problems())
def test_a_goal_out_of_reach_takes_all_the_time_there_is(problem: PlanProblem) -> None:
    hungry = replace(problem, soc_percent=0, target_percent=100, usable_wh=200_000)
    plan = cheapest(hungry)
    assert plan.windows == ((hungry.now, hungry.ready_by),)
    assert plan.ready_at > hungry.ready_by


@given(problems())
def test_what_charging_at_once_would_cost_is_told(problem: PlanProblem) -> None:
    told = cheapest(problem).why.cost_at_once_nano
    assert abs(told - filled_nano(problem, problem.slots)) <= ROUNDED_NANO


@given(problems(), st.integers(0, 60))
def test_leaving_later_is_never_dearer(problem: PlanProblem, minutes: int) -> None:
    now = cheapest(problem)
    prices = Prices(problem.slots, problem.slots[-1].end, "drawn", "Europe/Amsterdam")
    more = (PriceSlot(problem.ready_by, problem.ready_by + minutes * MINUTE, 200_000),) if minutes else ()
    longer = replace(prices, slots=(*problem.slots, *more)).slots
    later = cheapest(replace(problem, ready_by=problem.ready_by + minutes * MINUTE, slots=longer))
    if not now.missing_wh:
        assert later.cost_nano <= now.cost_nano
    assert later.missing_wh <= now.missing_wh


@given(problems())
def test_the_minimum_comes_first(problem: PlanProblem) -> None:
    plan = cheapest(problem)
    owed_ws = problem.full_ws_to(problem.minimum_percent)
    if owed_ws:
        first = plan.windows[0]
        enough = timedelta(seconds=-(-owed_ws // problem.ac_power_w))
        assert first.start == problem.now
        assert first.end >= min(problem.now + enough, problem.ready_by)


@given(problems())
def test_windows_are_in_order_and_add_up_to_the_energy(problem: PlanProblem) -> None:
    plan = cheapest(problem)
    edges = [edge for window in plan.windows for edge in window]
    assert edges == sorted(set(edges))
    seconds = sum((window.end - window.start).total_seconds() for window in plan.windows)
    took_ws = min(problem.full_ws_to(problem.target_percent), room_ws(problem))
    # Each part (the minimum's and the dearest's, more where power falls) ends with a whole second.
    assert 0 <= seconds * problem.ac_power_w - took_ws <= 6 * problem.ac_power_w
    assert sum(slot.wall_wh for slot in plan.slots) == plan.energy_wh


@given(problems())
def test_equal_inputs_have_equal_hashes(problem: PlanProblem) -> None:
    assert replace(problem).inputs_hash == problem.inputs_hash


@given(problems())
def test_other_inputs_have_another_hash(problem: PlanProblem) -> None:
    assert replace(problem, charging=not problem.charging).inputs_hash != problem.inputs_hash


@given(problems())
@settings(max_examples=50)
def test_a_plan_that_runs_is_not_changed_by_looking_again(problem: PlanProblem) -> None:
    plan = cheapest(problem)
    assert cheapest(replace(problem, running=plan.windows)).windows == plan.windows


@given(problems())
def test_what_its_windows_cost_is_what_the_plan_costs(problem: PlanProblem) -> None:
    """To the watt-hours in which a slot is counted."""
    plan = cheapest(problem)
    dearest = max((abs(slot.price_micro_per_kwh) for slot in problem.slots), default=0)
    assert abs(cost_nano_of(problem, plan.windows) - plan.cost_nano) <= dearest * (len(problem.slots) + 1)
