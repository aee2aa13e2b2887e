"""Which calls are on a night's bill, as both databases reckon it."""

import pytest

from chargekey.adapters.store.store import KeptStore
from chargekey.domain.evidence import ChargeState, Charging, Observation, Source
from chargekey.domain.night import Night
from chargekey.domain.spend import Billed
from chargekey.journeys.night_bill import calls_of
from chargekey.journeys.standing import about_vehicle
from tests.contract.household import Household, at


async def was_seen(store: KeptStore, home: Household, minutes: float, charging: Charging) -> None:
    """A look: asked and billed a second before it was answered."""
    state = ChargeState(50, 80, charging, 0, 16, 16, 230, 3, 0, 0, None)
    async with store.unit() as unit:
        await unit.bills.add_call(home.car.vin, Billed.DATA, at(minutes - 1 / 60))
        await unit.evidence.append([Observation(about_vehicle(home.car.id), state, at(minutes), Source.CAR)])


async def began(store: KeptStore, home: Household, minutes: float) -> Night:
    async with store.unit() as unit:
        return await unit.nights.begin_night(home.car.id, at(minutes))


@pytest.mark.parametrize("looked_before", [False, True], ids=["the first look ever", "looked at before"])
async def test_the_look_that_found_the_cable_is_the_nights(
    store: KeptStore, anna: Household, looked_before: bool
) -> None:
    if looked_before:
        await was_seen(store, anna, 9, Charging.UNPLUGGED)
    async with store.unit() as unit:
        await unit.bills.add_call(anna.car.vin, Billed.COMMAND, at(9.9))  # a greeting, not of this night
    await was_seen(store, anna, 10, Charging.STOPPED)
    night = await began(store, anna, 10)
    await was_seen(store, anna, 20, Charging.CHARGING)
    async with store.unit() as unit:
        await unit.bills.add_call(anna.car.vin, Billed.COMMAND, at(15))
        assert await calls_of(unit, night, at(30)) == {Billed.DATA: 2, Billed.COMMAND: 1}


async def test_looks_long_before_the_cable_are_nobodys(store: KeptStore, anna: Household) -> None:
    async with store.unit() as unit:
        await unit.bills.add_call(anna.car.vin, Billed.DATA, at(1))  # it slept, and said nothing
    await was_seen(store, anna, 10, Charging.STOPPED)
    night = await began(store, anna, 10)
    async with store.unit() as unit:
        assert await calls_of(unit, night, at(30)) == {Billed.DATA: 1}


async def test_a_night_that_follows_another_with_the_cable_in_takes_none_of_its_calls(
    store: KeptStore, anna: Household
) -> None:
    await was_seen(store, anna, 10, Charging.STOPPED)
    first = await began(store, anna, 10)
    await was_seen(store, anna, 19, Charging.STOPPED)
    async with store.unit() as unit:
        await unit.nights.end_night(first.id, at(20))
        ended = await unit.nights.night(first.id)
    second = await began(store, anna, 20)
    await was_seen(store, anna, 25, Charging.STOPPED)
    async with store.unit() as unit:
        assert ended is not None
        assert await calls_of(unit, ended, at(30)) == {Billed.DATA: 2}
        assert await calls_of(unit, second, at(30)) == {Billed.DATA: 1}
