"""Homes: kept for each car apart, and unreadable where they lie."""

from dataclasses import replace
from typing import Final

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

from chargekey.adapters.store import tables
from chargekey.adapters.store.homes import KeptHomes
from chargekey.adapters.store.sealing import KeyRing
from chargekey.adapters.store.store import KeptStore
from chargekey.domain.place import Home, LearntFrom, Place
from chargekey.domain.secret import Secret
from tests.contract.household import SIX, Household, at

RING: Final = KeyRing({1: bytes(32)})
HOME: Final = Home(Place(52.123456789012345, -5.1), LearntFrom.PLUG_IN, SIX)


@pytest.fixture
def homes(engine: AsyncEngine) -> KeptHomes:
    return KeptHomes(engine, RING)


async def test_a_home_comes_back_to_the_last_digit(homes: KeptHomes, anna: Household) -> None:
    assert await homes.home_of(anna.car.id) is None
    await homes.keep(anna.car.id, HOME)
    assert await homes.home_of(anna.car.id) == HOME


async def test_a_later_home_stands_in_place_of_the_earlier(homes: KeptHomes, anna: Household) -> None:
    later = Home(Place(-33.5, 151.25), LearntFrom.DRIVER, at(60))
    await homes.keep(anna.car.id, HOME)
    await homes.keep(anna.car.id, later)
    assert await homes.home_of(anna.car.id) == later


async def test_a_forgotten_home_is_gone_and_only_that_one(homes: KeptHomes, anna: Household, bert: Household) -> None:
    other = replace(HOME, place=Place(48.0, 11.0))
    await homes.keep(anna.car.id, HOME)
    await homes.keep(bert.car.id, other)
    assert await homes.forget(anna.car.id) is True
    assert await homes.home_of(anna.car.id) is None
    assert await homes.home_of(bert.car.id) == other
    assert await homes.forget(anna.car.id) is False


async def test_who_reads_the_database_learns_no_place(homes: KeptHomes, engine: AsyncEngine, anna: Household) -> None:
    await homes.keep(anna.car.id, HOME)
    async with engine.begin() as connection:
        row = (await connection.execute(select(tables.home_place))).one()
    assert b"52.12" not in row.place_sealed
    assert "52.12" not in repr(row)


async def test_a_home_moved_to_another_car_does_not_open(
    homes: KeptHomes, engine: AsyncEngine, anna: Household, bert: Household
) -> None:
    await homes.keep(anna.car.id, HOME)
    async with engine.begin() as connection:
        await connection.execute(update(tables.home_place).values(vehicle_id=bert.car.id))
    assert await homes.home_of(bert.car.id) is None  # as if it had never been learnt
    await homes.keep(bert.car.id, HOME)
    assert await homes.home_of(bert.car.id) == HOME


@pytest.mark.parametrize("text", ["", "52.5", "52.5 5.5 1.0", "north east", "91.0 5.5"])
async def test_what_is_sealed_but_no_place_is_not_repeated(
    homes: KeptHomes, engine: AsyncEngine, anna: Household, text: str
) -> None:
    await homes.keep(anna.car.id, HOME)
    async with engine.begin() as connection:
        sealed = RING.seal(Secret(text), f"home_place.place:{anna.car.id}")
        await connection.execute(update(tables.home_place).values(place_sealed=sealed))
    with capture_logs() as logged:
        assert await homes.home_of(anna.car.id) is None
    assert [line["where"] for line in logged] == [f"home_place.place:{anna.car.id}"]
    assert not text or text not in str(logged)


async def test_who_leaves_takes_the_home_along(homes: KeptHomes, store: KeptStore, anna: Household) -> None:
    await homes.keep(anna.car.id, HOME)
    await store.erase_driver(anna.driver.id)
    assert await homes.home_of(anna.car.id) is None
