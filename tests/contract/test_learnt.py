"""What is learnt of a car is read from its own nights, from those alone that were over, and stands still within one."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from chargekey.adapters.store.store import KeptStore
from chargekey.domain.evidence import ChargeState, Charging, Observation, Source
from chargekey.domain.learnt import NOTHING_LEARNT, Known, Learnt
from chargekey.domain.lesson import Taper
from chargekey.journeys.learn_of_car import learnt_before
from chargekey.journeys.plan_charge import draw_at
from chargekey.journeys.standing import about_vehicle
from tests.contract.household import SIX, Household

A_DAY: Final = timedelta(days=1)
DRAWS: Final = ChargeState(40, 80, Charging.CHARGING, 16, 16, 16, 207, 1, 3_000, 100, True)
FULL: Final = replace(DRAWS, soc_percent=80, charging=Charging.COMPLETE, current_a=0, energy_added_wh=18_500)
"""18.4 kWh for 40 points."""


async def lives(store: KeptStore, home: Household, begins: datetime, *, is_over: bool = True) -> None:
    car = about_vehicle(home.car.id)
    seen = [(0, DRAWS), (6, FULL), (12, replace(FULL, charging=Charging.UNPLUGGED))]
    async with store.unit() as unit:
        night = await unit.nights.begin_night(home.car.id, begins)
        await unit.evidence.append(
            Observation(car, charge, begins + timedelta(hours=hour), Source.CAR) for hour, charge in seen
        )
        if is_over:
            await unit.nights.end_night(night.id, begins + timedelta(hours=12))


async def learnt(store: KeptStore, home: Household, moment: datetime) -> Learnt:
    async with store.unit() as unit:
        return await learnt_before(unit, home.car, moment, "Europe/Amsterdam")


async def test_nights_that_were_over_teach_and_no_other_cars(
    store: KeptStore, anna: Household, bert: Household
) -> None:
    for nth in range(3):
        await lives(store, anna, SIX + nth * A_DAY)
    await lives(store, anna, SIX + 3 * A_DAY, is_over=False)
    found = await learnt(store, anna, SIX + 3 * A_DAY)
    assert found.usable_wh == Known(46_000, 3)
    assert found.power_w == {16: Known(3_312, 3)}
    assert await learnt(store, anna, SIX + 4 * A_DAY) == found
    assert await learnt(store, bert, SIX + 4 * A_DAY) == NOTHING_LEARNT


async def test_what_a_night_was_planned_with_can_be_read_again_later(store: KeptStore, anna: Household) -> None:
    await lives(store, anna, SIX)
    await lives(store, anna, SIX + A_DAY)
    before = await learnt(store, anna, SIX + 2 * A_DAY)
    assert (before.usable_wh, before.power_w) == (None, {16: Known(3_312, 2)})
    for nth in range(2, 5):
        await lives(store, anna, SIX + nth * A_DAY)
    assert await learnt(store, anna, SIX + 2 * A_DAY) == before


async def test_a_plan_goes_by_where_power_was_seen_to_fall(anna: Household) -> None:
    seen = replace(NOTHING_LEARNT, taper=Taper(90, 60), taper_nights=2)
    known, assumed = (draw_at(anna.car, 16, DRAWS, one).filling for one in (seen, NOTHING_LEARNT))
    assert (known.weakens[0].from_percent, assumed.weakens[0].from_percent) == (90, 95)
    assert known.full_ws(40, 90) == assumed.full_ws(40, 90)
    assert known.full_ws(40, 95) > assumed.full_ws(40, 95)


async def test_long_ago_teaches_nothing(store: KeptStore, anna: Household) -> None:
    for nth in range(3):
        await lives(store, anna, SIX + nth * A_DAY)
    assert await learnt(store, anna, SIX + 90 * A_DAY) == NOTHING_LEARNT
