"""The log of calls to Tesla, on both databases."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from chargekey.adapters.store.store import KeptStore
from chargekey.domain.vehicle import Vin
from chargekey.ports.call_log import Call
from tests.contract.household import SIX, Household, at

ANSWERED: Final = Call(SIX, None, None, "vehicle", 200, None, "x-1", 81, "eu")


def by(who: Household, minutes: float) -> Call:
    """A call for that driver's car."""
    return replace(ANSWERED, at=at(minutes), grant_id=who.grant.id, vin=who.car.vin)


async def add(store: KeptStore, *calls: Call) -> None:
    async with store.unit() as unit:
        for call in calls:
            await unit.calls.add(call)


async def test_a_call_comes_back_as_it_was(store: KeptStore, anna: Household) -> None:
    failed = replace(by(anna, 1), status=None, fault="Unreachable", request_id=None)
    await add(store, failed)
    async with store.unit() as unit:
        assert await unit.calls.latest(anna.grant.id, 20) == [failed]


async def test_the_latest_come_first_and_only_the_drivers_own(
    store: KeptStore, anna: Household, bert: Household
) -> None:
    mine, theirs = [by(anna, minute) for minute in range(5)], by(bert, 2)
    await add(store, *mine[::-1], theirs)
    async with store.unit() as unit:
        assert await unit.calls.latest(anna.grant.id, 3) == [mine[4], mine[3], mine[2]]
        assert await unit.calls.latest(bert.grant.id, 3) == [theirs]


async def test_everybodys_calls_since_a_moment_come_oldest_first(
    store: KeptStore, anna: Household, bert: Household
) -> None:
    calls = [by(anna, 0), by(anna, 5), replace(ANSWERED, at=at(6)), by(bert, 7)]
    await add(store, *calls[::-1])
    async with store.unit() as unit:
        assert await unit.calls.since(at(5)) == calls[1:]


async def test_a_car_that_is_not_the_grants_is_not_named(store: KeptStore, anna: Household, bert: Household) -> None:
    await add(store, replace(by(anna, 0), vin=bert.car.vin), replace(by(anna, 1), vin=Vin("5YJ3E7EA1PF000000")))
    async with store.unit() as unit:
        assert [call.vin for call in await unit.calls.latest(anna.grant.id, 5)] == [None, None]


async def test_what_is_too_old_is_forgotten(store: KeptStore, anna: Household) -> None:
    await add(store, by(anna, 0), by(anna, 1), replace(ANSWERED, at=SIX))
    async with store.unit() as unit:
        await unit.calls.forget(at(1))
        assert await unit.calls.since(SIX - timedelta(days=1)) == [by(anna, 1)]


async def test_calls_go_with_the_driver(store: KeptStore, anna: Household, bert: Household) -> None:
    await add(store, by(anna, 0), by(bert, 1))
    await store.erase_driver(anna.driver.id)
    async with store.unit() as unit:
        assert await unit.calls.since(SIX) == [by(bert, 1)]


async def test_of_calls_alike_the_last_stands_for_all(store: KeptStore, anna: Household, bert: Household) -> None:
    failed = replace(by(anna, 2), status=503, fault="TeslaFails")
    await add(store, by(anna, 0), by(anna, 1), failed, replace(failed, at=at(3)), by(bert, 4))
    await add(store, replace(failed, at=at(5), region="sign_in"))
    async with store.unit() as unit:
        last = await unit.calls.last_of_each(SIX)
        assert sorted(call.at for call in last) == [at(1), at(3), at(4), at(5)]
        assert await unit.calls.last_of_each(at(5)) == [replace(failed, at=at(5), region="sign_in")]
