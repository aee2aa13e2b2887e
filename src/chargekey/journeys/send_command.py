"""An order on its way to a car: written down, sent once, and settled only by an answer or a look.

Whoever was stopped for longer than its lease may find another worker at the same car when it goes on. So every step
holds on to the timer first, and nothing leaves unless, right before, both timer and delivery are still ours.
"""

from collections.abc import Sequence
from functools import partial

from chargekey.domain.car_schedules import CarSchedule, SchedulesInCar
from chargekey.domain.delivery import Delivery, Happening
from chargekey.domain.evidence import ChargeState, Charging
from chargekey.domain.night import Command, Order
from chargekey.domain.place import Place
from chargekey.ports.clock import Clock
from chargekey.ports.faults import Fault, MustBeSigned, Refused, TakenOver, TakesPlain
from chargekey.ports.people import Vehicle
from chargekey.ports.store import Store, Unit
from chargekey.ports.tesla import TeslaVehicles, VehicleCommands


class SendCommand:
    """The only room that sends. It keeps to `domain/delivery.py` and adds no rule of its own."""

    def __init__(self, store: Store, clock: Clock, vehicles: TeslaVehicles, commands: VehicleCommands) -> None:
        self._store, self._clock, self._vehicles, self._commands = store, clock, vehicles, commands

    async def draft(
        self,
        vehicle: Vehicle,
        night_id: int | None,
        order: Order,
        current_a: int | None = None,
        schedule: CarSchedule | None = None,
    ) -> Command:
        """Write down what is about to be asked."""
        async with self._store.unit() as unit:
            return await unit.commands.draft(vehicle.id, night_id, order, current_a, self._clock.now(), schedule)

    async def send(self, vehicle: Vehicle, command: Command, *, signed: bool, place: Place | None = None) -> Command:
        """Send what was drafted; `place`: where a schedule counts.

        A fault that leaves it certain that nothing happened is raised anew.

        `TakenOver`: nothing was sent, and what becomes of the order is another worker's.
        """
        sent = await self._happened(command, Happening.SENT)
        try:
            await self._ask(vehicle, sent, signed=signed, place=place)
        except TakenOver:
            raise
        except Fault as fault:
            if fault.may_have_happened:
                return await self._happened(command, Happening.ANSWER_LOST, type(fault).__name__)
            if isinstance(fault, (Refused, MustBeSigned, TakesPlain)):
                settled = await self._happened(command, Happening.CAR_REFUSED, fault.detail)
                if isinstance(fault, Refused):
                    return settled
            else:
                await self._happened(command, Happening.NEVER_LEFT, type(fault).__name__)
            raise
        return await self._happened(command, Happening.CAR_AGREED)

    async def take_up(self, unit: Unit, vehicle_id: int) -> Sequence[Command]:
        """After a stop in the middle: what was on its way may have happened. Returns what is still open.

        Called only by the holder of the vehicle's timer, so nobody else is sending.
        """
        still_open = await unit.commands.open_commands(vehicle_id)
        on_its_way = [one for one in still_open if one.delivery is Delivery.ON_ITS_WAY]
        if not on_its_way:
            return still_open
        await unit.timers.hold_on()
        for command in on_its_way:
            await unit.commands.happened(command.id, Happening.ANSWER_LOST, self._clock.now())
        return await unit.commands.open_commands(vehicle_id)

    async def settle(self, command: Command, charge: ChargeState) -> Command:
        """What a look, taken after the send, says of a command whose answer was lost."""
        done = seen_done(command, charge)
        return await self._happened(command, Happening.SEEN_DONE if done else Happening.SEEN_UNDONE)

    async def settle_wake(self, command: Command, *, is_awake: bool) -> Command:
        """What a glance says of a wake whose answer was lost. A car that sleeps on never heard it."""
        return await self._happened(command, Happening.SEEN_DONE if is_awake else Happening.SEEN_UNDONE)

    async def settle_schedule(self, command: Command, told: SchedulesInCar | None) -> Command:
        """The same of a schedule; `told` None: the car tells of none any more.

        Then it counts as undone: whoever gives a schedule twice replaces it, and whoever removes it twice is refused.
        """
        done = told is not None and has_it(command, told)
        return await self._happened(command, Happening.SEEN_DONE if done else Happening.SEEN_UNDONE)

    async def drop(self, command: Command) -> Command:
        """It was never sent, or certainly did not happen, and is not wanted any more."""
        return await self._happened(command, Happening.NO_LONGER_WANTED)

    async def _happened(self, command: Command, happening: Happening, detail: str = "") -> Command:
        async with self._store.unit() as unit:
            await unit.timers.hold_on()
            return await unit.commands.happened(command.id, happening, self._clock.now(), detail)

    async def _ask(self, vehicle: Vehicle, command: Command, *, signed: bool, place: Place | None) -> None:
        grant_id, vin, leaves = vehicle.grant_id, vehicle.vin, partial(self._is_still_ours, vehicle, command)
        if command.order is Order.WAKE:
            await leaves()
            await self._vehicles.wake(grant_id, vin)
        elif command.order is Order.START:
            await self._commands.start_charging(grant_id, vin, signed=signed, leaves=leaves)
        elif command.order is Order.STOP:
            await self._commands.stop_charging(grant_id, vin, signed=signed, leaves=leaves)
        elif command.order is Order.ADD_SCHEDULE and command.schedule and place:
            await self._commands.add_schedule(grant_id, vin, command.schedule, place, signed=signed, leaves=leaves)
        elif command.order is Order.REMOVE_SCHEDULE and command.schedule:
            number = command.schedule.number
            await self._commands.remove_schedule(grant_id, vin, number, signed=signed, leaves=leaves)
        elif command.current_a is not None:
            current_a = command.current_a
            await self._commands.set_charging_current(grant_id, vin, current_a, signed=signed, leaves=leaves)

    async def _is_still_ours(self, vehicle: Vehicle, command: Command) -> None:
        """Raises `TakenOver` where the timer, or what is written of the order, is not as we left it."""
        async with self._store.unit() as unit:
            await unit.timers.hold_on()
            if command not in await unit.commands.open_commands(vehicle.id):
                raise TakenOver(command.order.value)


def has_it(command: Command, told: SchedulesInCar) -> bool:
    """Whether the car's schedules are as the command asked for."""
    same = [one for one in told.at_home if command.schedule and one.number == command.schedule.number]
    return command.schedule in same if command.order is Order.ADD_SCHEDULE else not same


def seen_done(command: Command, charge: ChargeState) -> bool:
    """Whether the car does what the command asked for. Of a wake a glance says it."""
    if command.order is Order.START:
        return charge.drawing or charge.charging is Charging.COMPLETE
    if command.order is Order.STOP:
        return not charge.drawing
    return charge.current_asked_a == command.current_a
