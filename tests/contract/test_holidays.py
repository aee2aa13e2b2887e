"""A car that is plugged in for a holiday keeps its minimum, and is charged for the next morning in its last night."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Final

import pytest

from chargekey.adapters.store.store import KeptStore
from chargekey.domain.days_apart import DaysApart, Holiday
from chargekey.domain.goal import ChargeGoal, moment_of
from chargekey.domain.night import Wish
from chargekey.journeys.plan_charge import target_tonight
from chargekey.ports.charge_log import ChargeSettings, KeptPlan
from tests.contract.household import SIX, Household
from tests.contract.test_worth_a_wake import RESTS, SETTINGS, Planned

TODAY: Final = SIX.date()
A_DAY: Final = timedelta(days=1)
HOLIDAY: Final = Holiday(TODAY + A_DAY, TODAY + 10 * A_DAY)


def wanting(*holidays: Holiday) -> ChargeSettings:
    """80 % at 07:00, never below 30 %, and these holidays."""
    goal = ChargeGoal({day: time(7) for day in range(7)}, 80, 30, "UTC", apart=DaysApart(holidays=holidays))
    return replace(SETTINGS, goal=goal)


def evening(day: date) -> datetime:
    return moment_of(day, time(20), "UTC")


@pytest.fixture
def away(store: KeptStore, anna: Household) -> Planned:
    """Plugged in at six on the evening before."""
    return Planned(store, anna)


async def plan_of(away: Planned, settings: ChargeSettings, *, soc_percent: int = 60) -> tuple[bool, KeptPlan]:
    """Whether anything changed, and what is planned."""
    changed = await away.changes(
        sleeps_with_it=False, settings=settings, charge=replace(RESTS, soc_percent=soc_percent)
    )
    kept = await away.plan()
    assert kept
    return changed, kept


async def due(away: Planned) -> datetime | None:
    async with away.store.unit() as unit:
        night = await unit.nights.open_night(away.car.id)
    return night.ready_by if night else None


async def test_above_its_minimum_a_car_is_charged_nothing(away: Planned) -> None:
    changed, kept = await plan_of(away, wanting(HOLIDAY))
    assert changed
    assert kept.plan.windows == ()
    assert (kept.problem.target_percent, kept.problem.ready_by) == (30, evening(TODAY))
    assert await due(away) == evening(HOLIDAY.last)
    assert target_tonight(wanting(HOLIDAY), kept, await due(away)) == 30
    assert target_tonight(wanting(HOLIDAY), kept, await due(away), Wish.CHARGE_NOW) == 80


async def test_below_it_a_car_is_charged_at_once_up_to_it(away: Planned) -> None:
    _, kept = await plan_of(away, wanting(HOLIDAY), soc_percent=20)
    assert [window.start for window in kept.plan.windows] == [SIX]
    assert kept.plan.reached_percent == 30


async def test_a_new_plan_is_made_every_evening_and_none_between(away: Planned) -> None:
    for number in range(3):
        changed, kept = await plan_of(away, wanting(HOLIDAY), soc_percent=60 - number)
        assert changed
        assert kept.problem.ready_by == evening(TODAY + number * A_DAY)
        away.clock.shows += timedelta(hours=1)
        assert not (await plan_of(away, wanting(HOLIDAY), soc_percent=60 - number))[0]
        away.clock.shows = evening(TODAY + number * A_DAY)


async def test_a_holiday_of_another_length_moves_its_end_alone(away: Planned) -> None:
    _, before = await plan_of(away, wanting(HOLIDAY))
    changed, kept = await plan_of(away, wanting(replace(HOLIDAY, last=HOLIDAY.last + A_DAY)))
    assert changed
    assert kept == before
    assert await due(away) == evening(HOLIDAY.last + A_DAY)


async def test_a_slow_socket_has_more_than_the_last_night(away: Planned) -> None:
    slow = replace(RESTS, soc_percent=30, current_max_a=8, current_asked_a=8, phases=1)
    await away.changes(sleeps_with_it=False, settings=wanting(HOLIDAY), charge=slow)
    assert await due(away) == evening(HOLIDAY.last - A_DAY)


async def test_in_the_last_night_it_is_charged_for_the_morning(away: Planned) -> None:
    await plan_of(away, wanting(HOLIDAY))
    away.clock.shows = evening(HOLIDAY.last)
    async with away.store.unit() as unit:
        night = await unit.nights.open_night(away.car.id)
        assert night
        await unit.nights.end_night(night.id, away.clock.shows)
        await unit.nights.begin_night(away.car.id, away.clock.shows)
    changed, kept = await plan_of(away, wanting(HOLIDAY))
    assert changed
    assert (kept.problem.target_percent, kept.plan.reached_percent) == (80, 80)
    assert await due(away) == moment_of(HOLIDAY.last + A_DAY, time(7), "UTC")


async def test_a_holiday_that_is_taken_back_is_followed_by_the_next_morning(away: Planned) -> None:
    await plan_of(away, wanting(HOLIDAY))
    away.clock.shows += 3 * A_DAY
    changed, kept = await plan_of(away, wanting())
    assert changed
    assert kept.problem.target_percent == 80
    assert await due(away) == moment_of(TODAY + 4 * A_DAY, time(7), "UTC")
