"""The oracle itself, by nights that can be reckoned by hand; and the short form of `make oracle`."""

import random
from dataclasses import replace

import pytest

from chargekey.domain.planning.cheapest import cheapest
from chargekey.domain.planning.plan import ChargePlan
from chargekey.domain.planning.problem import Window
from tests.domain.drawn import NOW, QUARTER, night
from tests.oracle.finest import Level, Span, Stage, least_cost
from tests.oracle.judging import OUT_OF_REACH, THERE_ALREADY, WRONG, judged
from tests.oracle.problems import DUTCH, KINDS, a_problem, drawn, problem_number
from tests.oracle.rounds import SUPPOSED, play
from tests.oracle.world import World, lived

FULL, LOW = Level(4.0, 3.6), Level(1.0, 0.6)


# ── the finest program ─────────────────────────────────────────────────────────────────────────────


def test_below_zero_low_currents_waste_energy_that_pays() -> None:
    """An hour at -10 ct for 1 kWh: 8 minutes at full power and 52 at low power take 1.4 kWh from the wall."""
    hour = [Span(1.0, -0.10)]
    assert least_cost(hour, [Stage(1.0, (FULL, LOW))], start_cost=0.0) == pytest.approx(-0.14)
    assert least_cost(hour, [Stage(1.0, (FULL,))], start_cost=0.0) == pytest.approx(-0.1 * 4.0 / 3.6)


def test_above_zero_low_currents_are_left_alone() -> None:
    hour = [Span(1.0, 0.10)]
    known, unknown = (least_cost(hour, [Stage(1.0, levels)], start_cost=0.0) for levels in ((FULL, LOW), (FULL,)))
    assert known == pytest.approx(unknown)


def test_the_last_part_of_a_battery_is_not_filled_first() -> None:
    """It takes the most energy, and the first hour is the cheap one: an oracle without order would say 0.9."""
    hours = [Span(1.0, 0.10), Span(1.0, 0.50)]
    stages = [Stage(1.0, (Level(1.0, 1.0),)), Stage(1.0, (Level(4.0, 1.0),))]
    assert least_cost(hours, stages, start_cost=0.0) == pytest.approx(1 * 0.10 + 4 * 0.50)


def test_low_currents_bridge_a_dear_hour_to_save_a_start() -> None:
    hours = [Span(1.0, 0.0), Span(1.0, 0.1), Span(1.0, 0.0)]
    stage = Stage(6.0, (FULL, LOW))
    assert least_cost(hours, [stage], start_cost=5.0) == pytest.approx(5.1)
    assert least_cost(hours, [stage], start_cost=0.01) == pytest.approx(0.02)


@pytest.mark.parametrize(("charging", "starts"), [(True, 1), (False, 2)])
def test_a_pause_is_a_start_even_inside_one_span(charging: bool, starts: int) -> None:
    hours = [Span(1.0, 0.0), Span(1.0, 9.0), Span(1.0, 0.0)]
    stage = Stage(7.3, (FULL,))
    energy = 9.0 * 4.0 * 0.1 / 3.6
    assert least_cost(hours, [stage], start_cost=1.0, charging=charging) == pytest.approx(energy + starts)


def test_what_is_owed_is_charged_whatever_it_costs() -> None:
    hours = [Span(1.0, 0.5, owed_h=0.5), Span(1.0, 0.1)]
    assert least_cost(hours, [Stage(3.6, (FULL, LOW))], start_cost=0.0) == pytest.approx(2 * 0.5 + 2 * 0.1)


# ── worlds and verdicts ────────────────────────────────────────────────────────────────────────────


def at_once(plan: ChargePlan) -> ChargePlan:
    """What plug-in-and-charge would do instead."""
    length = sum((window.end - window.start for window in plan.windows), start=0 * QUARTER)
    return replace(plan, windows=(Window(NOW, NOW + length),), starts=1, cost_nano=plan.why.cost_at_once_nano)


def test_a_plan_that_is_not_the_cheapest_is_seen() -> None:
    problem = night("9 9 1 1 9 9 9 9", 2)
    plan = cheapest(problem)
    assert judged(problem, plan).is_exact
    assert not judged(problem, at_once(plan)).is_exact
    assert lived(problem, plan, SUPPOSED).gap == pytest.approx(0)
    assert lived(problem, at_once(plan), SUPPOSED).gap == pytest.approx(0.16)


@pytest.mark.parametrize(("quarters", "end"), [(9, OUT_OF_REACH), (0, THERE_ALREADY)])
def test_a_night_that_ends_in_another_way_is_seen(quarters: int, end: str) -> None:
    problem = night("1 1 1 1", quarters)
    plan = cheapest(problem)
    assert judged(problem, plan).end == end
    assert judged(problem, replace(plan, missing_wh=plan.missing_wh + 1)).end == WRONG


def test_a_start_saved_is_worth_what_a_start_costs() -> None:
    problem = night("1 1 2 1 1", 4)
    assert lived(problem, cheapest(problem), World("a start costs 3 ct", start_cost=0.03)).gap == pytest.approx(0.02)


def test_a_battery_that_weakens_when_full_is_short_in_the_morning() -> None:
    """A quarter at full power would do; in its last two percent the car takes a third of that, and less."""
    problem = replace(night("1 1", 2), soc_percent=98, target_percent=100)
    told = lived(problem, cheapest(problem), SUPPOSED)
    assert 0.3 < told.short_kwh < 1.0
    assert told.gap == pytest.approx(0, abs=1e-6)
    assert not told.was_in_reach  # half an hour is not enough
    long = replace(night("1 " * 8, 2), soc_percent=98, target_percent=100)
    assert lived(long, cheapest(long), SUPPOSED).was_in_reach


# ── the short form ─────────────────────────────────────────────────────────────────────────────────


def test_the_same_number_is_the_same_night() -> None:
    assert problem_number(7, 1) == problem_number(7, 1) != problem_number(7, 2)


def test_dutch_nights_are_some_of_those_shipped() -> None:
    kind, problem = problem_number(KINDS.index(DUTCH), 1)
    assert kind == DUTCH
    assert len({slot.price_micro_per_kwh for slot in problem.slots}) > 5
    assert a_problem(random.Random(1), drawn(random.Random(2), 5)).slots != problem.slots


@pytest.mark.slow
@pytest.mark.parametrize("nights", [30, pytest.param(90, marks=pytest.mark.long)])
def test_nights_are_as_cheap_as_can_be_and_no_world_knows_a_dearer_optimum(nights: int) -> None:
    played = play(nights, seed=20230110, finer=nights)
    assert played.wrong() == []
    assert sum(bool(night.lived) for night in played.nights) > nights * 2 // 3
    by_the_quarter_rather_than_the_percent = 0.005
    gaps = [night.lived[0].gap for night in played.nights if night.lived]
    assert max(gaps) < by_the_quarter_rather_than_the_percent
