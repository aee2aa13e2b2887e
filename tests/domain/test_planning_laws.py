"""What holds for every night, whatever the prices, the car and the driver."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from chargekey.domain.planning.cheapest import cheapest
from chargekey.domain.planning.problem import PlanProblem, pose
from chargekey.domain.tariff import Prices, PriceSlot

START = datetime(2024, 2, 6, 16, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
HOURS_KNOWN = 20


@st.composite
def problems(draw: st.DrawFn) -> PlanProblem:
    """An evening with hourly prices, ties on purpose; the car comes and leaves at any minute."""
    cents = draw(st.lists(st.sampled_from([-3, 0, 7, 8, 20, 31]), min_size=HOURS_KNOWN, max_size=HOURS_KNOWN))
    slots = tuple(PriceSlot(START + n * HOUR, START + (n + 1) * HOUR, price * 10_000) for n, price in enumerate(cents))
    now = START + draw(st.integers(0, 10 * 60)) * MINUTE + timedelta(seconds=draw(st.integers(0, 59)))
    target = draw(st.integers(50, 100))
    return pose(
        Prices(slots, slots[-1].end, "drawn", "Europe/Amsterdam"),
        now=now,
        ready_by=now + draw(st.integers(1, 9 * 60)) * MINUTE,
        soc_percent=draw(st.integers(0, 100)),
        target_percent=target,
        minimum_percent=draw(st.integers(0, target)),
        usable_wh=draw(st.sampled_from([52_500, 75_000])),
        ac_power_w=draw(st.sampled_from([3_680, 11_040])),
        efficiency_percent=draw(st.sampled_from([87, 90])),
        charging=draw(st.booleans()),
    )


@given(problems())
def test_a_goal_in_reach_is_reached_in_time(problem: PlanProblem) -> None:
    plan = cheapest(problem)
    room_wh = sum(problem.ac_power_w * ((slot.end - slot.start) / HOUR) for slot in problem.slots)
    need_wh = problem.wall_wh_to(problem.target_percent)
    assert (plan.missing_wh == 0) == (need_wh <= room_wh)
    assert plan.energy_wh + plan.missing_wh == need_wh
    if not plan.missing_wh:
        assert plan.ready_at <= problem.ready_by


@given(problems())
def test_a_goal_out_of_reach_takes_all_the_time_there_is(problem: PlanProblem) -> None:
    hungry = replace(problem, soc_percent=0, target_percent=100, usable_wh=200_000)
    plan = cheapest(hungry)
    assert plan.windows == ((hungry.now, hungry.ready_by),)
    assert plan.ready_at > hungry.ready_by


@given(problems())
def test_a_plan_is_never_dearer_than_plug_in_and_charge(problem: PlanProblem) -> None:
    plan = cheapest(problem)
    assert plan.cost_nano <= plan.why.cost_at_once_nano


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
    owed_wh = problem.wall_wh_to(problem.minimum_percent)
    if owed_wh:
        first = plan.windows[0]
        enough = timedelta(seconds=-(-owed_wh * 3_600 // problem.ac_power_w))
        assert first.start == problem.now
        assert first.end >= min(problem.now + enough, problem.ready_by)


@given(problems())
def test_windows_are_in_order_and_add_up_to_the_energy(problem: PlanProblem) -> None:
    plan = cheapest(problem)
    edges = [edge for window in plan.windows for edge in window]
    assert edges == sorted(set(edges))
    seconds = sum((window.end - window.start).total_seconds() for window in plan.windows)
    # Each of at most two parts (the minimum's and the dearest) ends with a whole second.
    assert 0 <= seconds * problem.ac_power_w / 3_600 - plan.energy_wh <= 3 * problem.ac_power_w / 3_600 + 1
    assert sum(slot.wall_wh for slot in plan.slots) == plan.energy_wh


@given(problems())
def test_equal_inputs_give_equal_plans(problem: PlanProblem) -> None:
    again = replace(problem)
    assert cheapest(again) == cheapest(problem)
    assert again.inputs_hash == problem.inputs_hash


@given(problems())
def test_other_inputs_have_another_hash(problem: PlanProblem) -> None:
    assert replace(problem, charging=not problem.charging).inputs_hash != problem.inputs_hash


@given(problems())
@settings(max_examples=50)
def test_a_plan_that_runs_is_not_changed_by_looking_again(problem: PlanProblem) -> None:
    plan = cheapest(problem)
    assert cheapest(replace(problem, running=plan.windows)).windows == plan.windows
