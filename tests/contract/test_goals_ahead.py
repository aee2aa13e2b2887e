"""A night is planned with the goals of the days after it in view, as far as they want more."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from chargekey.adapters.store.store import KeptStore
from chargekey.domain.goal import ChargeGoal, target_at
from chargekey.journeys.plan_charge import LOOKS_AHEAD, target_tonight
from chargekey.ports.charge_log import ChargeSettings
from tests.contract.household import SIX, Household
from tests.contract.test_worth_a_wake import SETTINGS, Planned

TONIGHT, LATER = SIX + timedelta(days=1), SIX + timedelta(days=2)


def wanting(percent: int, *, days_later: int = 2) -> ChargeSettings:
    """80 % every morning, and so much on one of them."""
    day = (SIX + timedelta(days=days_later)).weekday()
    goal = ChargeGoal({day: time(7) for day in range(7)}, 80, 0, "UTC", target_by_day={day: percent})
    return replace(SETTINGS, goal=goal)


@pytest.fixture
def tonight(store: KeptStore, anna: Household) -> Planned:
    """The fourth and fifth hour at 10 ct, all others at 30 ct, tonight's own goal in an hour and a half of them."""
    return Planned(store, anna)


async def test_a_cheap_night_charges_for_a_later_one(tonight: Planned) -> None:
    assert await tonight.changes(sleeps_with_it=False, settings=wanting(100))
    kept = await tonight.plan()
    assert kept
    assert kept.problem.target_percent == 80
    assert [night.target_percent for night in kept.problem.ahead] == [100]
    assert 80 < kept.plan.reached_percent < 100  # as much as the cheap hours hold
    assert kept.plan.why.dearest_price_micro_per_kwh == 100_000
    assert target_tonight(wanting(100), kept, kept.problem.ready_by) == kept.plan.reached_percent


async def test_looking_again_changes_nothing(tonight: Planned) -> None:
    assert await tonight.changes(sleeps_with_it=False, settings=wanting(100))
    assert not await tonight.changes(sleeps_with_it=False, settings=wanting(100))


async def test_a_later_night_as_cheap_is_left_to_itself(tonight: Planned) -> None:
    tonight.prices.cheap_ct |= {hour + 24: 10 for hour in (4, 5)}
    assert await tonight.changes(sleeps_with_it=False, settings=wanting(100))
    kept = await tonight.plan()
    assert kept
    assert kept.plan.reached_percent == 80


@pytest.mark.parametrize(("percent", "days_later"), [(60, 2), (100, 5)])
async def test_a_goal_that_is_lower_or_too_far_is_no_part_of_the_problem(
    tonight: Planned, percent: int, days_later: int
) -> None:
    assert timedelta(days=days_later) > LOOKS_AHEAD or percent < 80
    assert await tonight.changes(sleeps_with_it=False, settings=wanting(percent, days_later=days_later))
    kept = await tonight.plan()
    assert kept
    assert kept.problem.ahead == ()


async def test_a_later_night_that_is_as_cheap_now_is_worth_no_wake_and_another_goal_is(tonight: Planned) -> None:
    assert await tonight.changes(sleeps_with_it=False, settings=wanting(100))
    tonight.prices.cheap_ct |= {hour + 24: 10 for hour in (4, 5)}
    assert not await tonight.changes(sleeps_with_it=True, settings=wanting(100))
    assert await tonight.changes(sleeps_with_it=True, settings=wanting(90))


def test_the_goal_of_a_night_is_that_of_its_morning() -> None:
    goal = wanting(100).goal
    assert (target_at(goal, TONIGHT), target_at(goal, LATER)) == (80, 100)
