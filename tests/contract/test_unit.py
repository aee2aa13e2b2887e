"""A unit of work: all of it or nothing."""

import pytest

from chargekey.adapters.store.store import KeptStore
from chargekey.domain.evidence import Handshake, Observation, Source, SubjectKind
from chargekey.domain.evidence import Subject as About
from chargekey.ports.jobs import Work
from tests.contract.household import SIX, Household, at


class WentWrong(Exception):
    """Something in the middle of a unit of work."""


async def test_a_unit_that_ends_well_is_kept(store: KeptStore, anna: Household) -> None:
    async with store.unit() as unit:
        await unit.timers.set(Work.TEND_VEHICLE, anna.car.id, at(5))
    async with store.unit() as unit:
        assert await unit.timers.due_at(Work.TEND_VEHICLE, anna.car.id) == at(5)


async def test_a_unit_that_raises_leaves_nothing_in_any_of_its_rooms(store: KeptStore, anna: Household) -> None:
    car = About(SubjectKind.VEHICLE, anna.car.id)
    with pytest.raises(WentWrong):
        async with store.unit() as unit:
            await unit.timers.set(Work.TEND_VEHICLE, anna.car.id, at(5))
            await unit.evidence.append([Observation(car, Handshake(proved=True), SIX, Source.CAR)])
            await unit.nights.begin_night(anna.car.id, SIX)
            await unit.people.driver_for("somebody@example.org", "en", SIX)
            raise WentWrong
    async with store.unit() as unit:
        assert await unit.timers.due_at(Work.TEND_VEHICLE, anna.car.id) is None
        assert (await unit.evidence.seen(car)).latest == {}
        assert await unit.nights.open_night(anna.car.id) is None
        assert (await unit.people.driver_for("anna@example.org", "en", SIX)).id == anna.driver.id


async def test_a_database_says_once_whether_it_is_a_demos(store: KeptStore) -> None:
    assert await store.is_demo() is None
    await store.mark(demo=True)
    assert await store.is_demo() is True
    await store.mark(demo=False)  # by another who started at the same moment
    assert await store.is_demo() is True


async def test_a_store_that_can_be_reached_says_so(store: KeptStore) -> None:
    assert await store.is_reachable()
