"""An order leaves only while both its timer and its delivery are as its sender left them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from chargekey.adapters.store import tables
from chargekey.adapters.store.store import KeptStore
from chargekey.adapters.store.timers import TimerQueue
from chargekey.domain.car_schedules import CarSchedule
from chargekey.domain.delivery import Delivery, Happening
from chargekey.domain.night import Command, Order
from chargekey.domain.place import Place
from chargekey.domain.vehicle import Vin
from chargekey.journeys.send_command import SendCommand
from chargekey.ports.faults import TakenOver
from chargekey.ports.jobs import HOLDS, Work
from chargekey.ports.tesla import Answer, Leaves, at_once
from tests.contract.household import SIX, Household, at
from tests.contract.test_choose_account import OneList
from tests.contract.test_vault import StandingClock

TEND: Final = Work.TEND_VEHICLE
Meanwhile = Callable[[], Awaitable[None]]


class HeldUp:
    """`ports.tesla.VehicleCommands` whose worker is stopped right before an order leaves; `meanwhile` others work."""

    def __init__(self, meanwhile: Meanwhile = at_once) -> None:
        self.meanwhile, self.sent, self.key = meanwhile, 0, "a key"

    async def start_charging(self, grant_id: int, vin: Vin, *, signed: bool, leaves: Leaves = at_once) -> Answer[None]:
        await self.meanwhile()
        await leaves()
        self.sent += 1
        return Answer(None, None)

    async def stop_charging(self, grant_id: int, vin: Vin, *, signed: bool, leaves: Leaves = at_once) -> Answer[None]:
        raise NotImplementedError

    async def set_charging_current(
        self, grant_id: int, vin: Vin, current_a: int, *, signed: bool, leaves: Leaves = at_once
    ) -> Answer[None]:
        raise NotImplementedError

    async def add_schedule(
        self, grant_id: int, vin: Vin, schedule: CarSchedule, place: Place, *, signed: bool, leaves: Leaves = at_once
    ) -> Answer[None]:
        raise NotImplementedError

    async def remove_schedule(
        self, grant_id: int, vin: Vin, number: int, *, signed: bool, leaves: Leaves = at_once
    ) -> Answer[None]:
        raise NotImplementedError

    async def prove(self, grant_id: int, vin: Vin) -> Answer[bool]:
        raise NotImplementedError


class Sender:
    """A worker who holds the timer of Anna's car, and has drafted a start."""

    def __init__(self, store: KeptStore, anna: Household, command: Command) -> None:
        self.store, self.anna, self.command, self.car = store, anna, command, HeldUp()

    async def sends(self, meanwhile: Meanwhile) -> Command:
        self.car.meanwhile = meanwhile
        room = SendCommand(self.store, StandingClock(), OneList(), self.car)
        return await room.send(self.anna.car, self.command, signed=True)

    async def delivery(self) -> Delivery:
        async with self.store.unit() as unit:
            (present,) = await unit.commands.open_commands(self.anna.car.id)
        return present.delivery


@pytest.fixture
async def sender(store: KeptStore, engine: AsyncEngine, anna: Household) -> AsyncIterator[Sender]:
    async with store.unit() as unit:
        await unit.timers.set(TEND, anna.car.id, SIX)
        command = await unit.commands.draft(anna.car.id, None, Order.START, None, SIX)
    (due,) = await TimerQueue(engine).claim(at(1), 1)
    told = HOLDS.set(due)
    yield Sender(store, anna, command)
    HOLDS.reset(told)


async def test_an_order_that_is_still_ours_leaves_once(sender: Sender) -> None:
    assert (await sender.sends(at_once)).delivery is Delivery.DONE
    assert sender.car.sent == 1


async def test_nothing_leaves_whose_timer_another_has_taken(sender: Sender, engine: AsyncEngine) -> None:
    async def takes_over() -> None:
        async with engine.begin() as connection:
            await connection.execute(update(tables.timer).values(lease="another's"))

    with pytest.raises(TakenOver):
        await sender.sends(takes_over)
    assert sender.car.sent == 0
    assert await sender.delivery() is Delivery.ON_ITS_WAY  # what becomes of it is the other's


async def test_nothing_leaves_whose_delivery_another_has_moved(sender: Sender) -> None:
    async def takes_it_up() -> None:
        async with sender.store.unit() as unit:
            await unit.commands.happened(sender.command.id, Happening.ANSWER_LOST, at(2))

    with pytest.raises(TakenOver):
        await sender.sends(takes_it_up)
    assert sender.car.sent == 0
    assert await sender.delivery() is Delivery.UNKNOWN
