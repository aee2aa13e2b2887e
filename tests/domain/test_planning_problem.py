"""What a problem refuses, and how needs are rounded."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chargekey.domain.planning.cheapest import cheapest
from chargekey.domain.planning.problem import PlanProblem, ProblemUnclear, pose
from chargekey.domain.tariff import FlatTariff, Prices, prices, with_guesses
from tests.domain.drawn import NOW, QUARTER, night, slots

FIRST = "673dd9b0216db2dd"


def test_a_need_is_rounded_up_to_a_whole_wh_at_the_wall() -> None:
    problem = replace(night("1 1", 2), soc_percent=20, target_percent=21, usable_wh=57_500, efficiency_percent=87)
    assert problem.wall_wh_to(21) == 661  # 575 / 0.87 = 660.9
    assert problem.wall_wh_to(20) == 0
    assert problem.wall_wh_to(10) == 0


def test_a_problem_begins_with_the_next_whole_second() -> None:
    arrival = NOW + timedelta(minutes=7, seconds=22, microseconds=1)
    ready_by = NOW + 4 * QUARTER
    known = prices(FlatTariff(250_000), NOW, ready_by, "Europe/Amsterdam")
    problem = pose(
        known,
        now=arrival,
        ready_by=ready_by,
        soc_percent=50,
        target_percent=80,
        minimum_percent=0,
        usable_wh=57_500,
        ac_power_w=11_040,
        efficiency_percent=90,
    )
    assert problem.now == NOW + timedelta(minutes=7, seconds=23)
    assert [slot.end - slot.start for slot in problem.slots] == [timedelta(seconds=457), QUARTER, QUARTER, QUARTER]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"now": NOW + timedelta(microseconds=1)}, "whole second"),
        ({"now": NOW - QUARTER}, "begin later than now"),
        ({"ready_by": NOW + QUARTER}, "beyond ready-by"),
        ({"minimum_percent": 90, "target_percent": 80}, "minimum lies"),
        ({"soc_percent": 101}, "no state of charge"),
        ({"ac_power_w": 0}, "above nothing"),
        ({"efficiency_percent": 101}, "above nothing"),
    ],
)
def test_numbers_that_make_no_problem_are_refused(change: dict[str, object], words: str) -> None:
    with pytest.raises(ProblemUnclear, match=words):
        replace(night("1 1 1 1", 2), **change)  # type: ignore[arg-type]  # the wrong values are the point


def test_prices_that_all_stand_in_for_unknown_ones_are_known_as_such() -> None:
    assert night("1 1", 2).knows_a_price
    assert replace(night("1 1", 2), prices_known_until=NOW + QUARTER).knows_a_price
    assert not replace(night("1 1", 2), prices_known_until=NOW).knows_a_price


def test_a_ready_by_that_has_passed_leaves_everything_missing() -> None:
    problem: PlanProblem = replace(night("1 1", 2), ready_by=NOW, slots=())
    plan = cheapest(problem)
    assert (plan.windows, plan.missing_wh, plan.ready_at) == ((), 2_000, NOW + 2 * QUARTER)


def test_a_plan_on_guessed_prices_says_so() -> None:
    day = 96
    known = Prices(slots(" ".join("9" if n < 40 else "1" for n in range(day))), NOW + day * QUARTER, "drawn", "UTC")
    now, ready_by = NOW + 90 * QUARTER, NOW + 140 * QUARTER

    def asked(quarters: int) -> bool:
        problem = pose(
            with_guesses(known, ready_by),
            now=now,
            ready_by=ready_by,
            soc_percent=0,
            target_percent=quarters,
            minimum_percent=0,
            usable_wh=100_000,
            ac_power_w=4_000,
            efficiency_percent=100,
        )
        return cheapest(problem).rests_on_guesses

    assert asked(8)
    assert not cheapest(night("1 1 9", 2)).rests_on_guesses


def test_the_hash_of_a_problem_stays_what_it_was() -> None:
    """Stored plans carry it: a change here means raising `PLANNER_VERSION`."""
    assert night("1 2 3", 2).inputs_hash.startswith(FIRST)
