"""Whoever is stopped between two units of work leaves nothing half: neither a grant without tokens, nor a home behind.

The processes of `tests/kills` are really killed; here each stop takes a moment, on journeys that are not theirs.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from itertools import count

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from chargekey.adapters.jobs.bus import InProcessBus
from chargekey.adapters.store.store import KeptStore
from chargekey.journeys.clear_car import ClearCar
from chargekey.journeys.connect_account import Arrival
from chargekey.journeys.disconnect import Disconnect, What
from chargekey.journeys.tell_to_stream import TellToStream
from chargekey.ports.store import Unit
from tests.contract.household import Household
from tests.contract.test_choose_account import Scene
from tests.contract.test_send_command import HeldUp
from tests.contract.test_tell_to_stream import Tesla


class Stopped(BaseException):
    """As a process is: nobody notices it, and nothing is tidied up."""


class StopsAfter:
    """`ports.store.Store` of a process that is over after so many units of work."""

    def __init__(self, store: KeptStore, units: int) -> None:
        self._store, self._left = store, units

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[Unit]:
        async with self._store.unit() as unit:
            yield unit
        self._left -= 1
        if self._left == 0:
            raise Stopped

    async def erase_driver(self, driver_id: int) -> Mapping[str, int]:
        return await self._store.erase_driver(driver_id)

    async def everything_of(self, driver_id: int) -> Mapping[str, Sequence[Mapping[str, object]]]:
        return await self._store.everything_of(driver_id)


@pytest.fixture
async def scene(store: KeptStore, engine: AsyncEngine, anna: Household) -> Scene:
    made = Scene(store, engine, anna)
    await made.begins()
    return made


async def test_an_account_that_waits_to_be_chosen_has_its_tokens(scene: Scene) -> None:
    anna = scene.anna
    for units in count(1):
        try:
            came = await scene.comes_back_as("another", str(units), StopsAfter(scene.store, units))
        except Stopped:
            async with scene.store.unit() as unit:
                other = await unit.undecided.of(anna.driver.id)
            assert other is None or await scene.has_tokens(other.grant), units
            assert await scene.uses(anna.grant)
            assert await scene.has_tokens(anna.grant)
        else:
            break
    assert (came, units > 3) == (Arrival.OTHER_ACCOUNT, True)


async def test_who_leaves_has_left_altogether_or_not_at_all(scene: Scene) -> None:
    anna = scene.anna
    for units in count(1):
        store, clock = StopsAfter(scene.store, units), scene.clock
        clear = ClearCar(store, clock, scene.tesla, HeldUp())
        streams, page = TellToStream(store, clock, Tesla(), None), "https://tesla.example"
        leaves = Disconnect(store, clock, InProcessBus(), scene.vault, scene.tesla, clear, streams, page)
        try:
            receipt = await leaves.leave(anna.driver.id)
        except Stopped:
            is_in = await scene.uses(anna.grant)
            assert await scene.has_tokens(anna.grant) is is_in, units
            assert (await scene.homes.home_of(anna.car.id) is not None) is is_in, units
        else:
            break
    assert not await scene.uses(anna.grant)
    assert (receipt.ticks[0].what, receipt.ticks[0].saw) == (What.TOKENS, "none_left")  # it was done the time before
    assert units > 3
