"""Days that are not as usual are kept with the goal, change tonight at once, and fall away when they are over."""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Final

import pytest

from chargekey.adapters.jobs.bus import InProcessBus
from chargekey.adapters.store.store import KeptStore
from chargekey.domain.days_apart import MOST_APART, DaysApart, DaysUnclear, Holiday, OneOff
from chargekey.domain.evidence import ChoseVehicle, Observation, Source
from chargekey.journeys.plan_charge import NotSetUp
from chargekey.journeys.set_days_apart import SetDaysApart
from chargekey.journeys.standing import about_driver
from chargekey.ports.jobs import Work
from tests.contract.household import SIX, Household, at
from tests.contract.test_vault import StandingClock
from tests.contract.test_worth_a_wake import SETTINGS

TODAY: Final = SIX.date()
SATURDAY: Final = date(2024, 1, 13)
EARLY: Final = OneOff(time(4, 30), 100)
AWAY: Final = Holiday(SATURDAY, SATURDAY + timedelta(days=14))


class Hers:
    """A chosen car, with a goal or none yet."""

    def __init__(self, store: KeptStore, anna: Household) -> None:
        self.store, self.anna, self.clock = store, anna, StandingClock()
        self.days = SetDaysApart(store, self.clock, InProcessBus())

    async def apart(self) -> DaysApart:
        async with self.store.unit() as unit:
            settings = await unit.settings.settings(self.anna.car.id)
        assert settings
        assert replace(settings, goal=replace(settings.goal, apart=DaysApart())) == SETTINGS
        return settings.goal.apart


@pytest.fixture
async def without_a_goal(store: KeptStore, anna: Household) -> Hers:
    chose = Observation(about_driver(anna.driver.id), ChoseVehicle(anna.car.id), SIX, Source.DRIVER)
    async with store.unit() as unit:
        await unit.evidence.append([chose])
    return Hers(store, anna)


@pytest.fixture
async def hers(without_a_goal: Hers) -> Hers:
    async with without_a_goal.store.unit() as unit:
        await unit.settings.save_settings(without_a_goal.anna.car.id, SETTINGS, SIX)
    return without_a_goal


async def test_what_is_set_is_kept_beside_what_was_and_can_be_taken_back(hers: Hers) -> None:
    driver = hers.anna.driver.id
    await hers.days.set_one_off(driver, SATURDAY, OneOff(time(9)))
    await hers.days.set_holiday(driver, AWAY)
    await hers.days.set_one_off(driver, SATURDAY, EARLY)
    assert await hers.apart() == DaysApart({SATURDAY: EARLY}, (AWAY,))
    await hers.days.drop_holiday(driver, AWAY)
    await hers.days.drop_holiday(driver, AWAY)
    assert await hers.apart() == DaysApart({SATURDAY: EARLY})
    await hers.days.drop_one_off(driver, SATURDAY)
    assert await hers.apart() == DaysApart()


async def test_tonight_is_looked_at_at_once(hers: Hers) -> None:
    async with hers.store.unit() as unit:
        await unit.timers.set(Work.TEND_VEHICLE, hers.anna.car.id, at(600))
    hers.clock.shows = at(5)
    await hers.days.set_holiday(hers.anna.driver.id, AWAY)
    async with hers.store.unit() as unit:
        assert await unit.timers.due_at(Work.TEND_VEHICLE, hers.anna.car.id) == at(5)


async def test_what_was_over_before_yesterday_is_gone_with_the_next_change(hers: Hers) -> None:
    driver = hers.anna.driver.id
    await hers.days.set_one_off(driver, TODAY, EARLY)
    await hers.days.set_holiday(driver, Holiday(TODAY, TODAY))
    hers.clock.shows += timedelta(days=1)
    await hers.days.set_one_off(driver, SATURDAY, EARLY)
    assert TODAY in (await hers.apart()).one_off  # a night may run late
    hers.clock.shows += timedelta(days=1)
    await hers.days.set_holiday(driver, AWAY)
    assert await hers.apart() == DaysApart({SATURDAY: EARLY}, (AWAY,))


async def test_one_too_many_is_refused_and_changes_nothing(hers: Hers) -> None:
    for number in range(MOST_APART):
        await hers.days.set_one_off(hers.anna.driver.id, SATURDAY + timedelta(days=number), EARLY)
    before = await hers.apart()
    with pytest.raises(DaysUnclear):
        await hers.days.set_holiday(hers.anna.driver.id, AWAY)
    assert await hers.apart() == before


async def test_before_there_is_a_goal_no_day_can_have_its_own(without_a_goal: Hers, bert: Household) -> None:
    for driver in (without_a_goal.anna.driver.id, bert.driver.id):
        with pytest.raises(NotSetUp):
            await without_a_goal.days.set_holiday(driver, AWAY)
