"""An order on its way to a car: written down, sent once, and settled only by an answer or a look."""

from collections.abc import Sequence

from chargekey.domain.delivery import Delivery, Happening
from chargekey.domain.evidence import ChargeState, Charging
from chargekey.domain.night import Command, Order
from chargekey.ports.clock import Clock
from chargekey.ports.faults import Fault, MustBeSigned, Refused, TakesPlain
from chargekey.ports.people import Vehicle
from chargekey.ports.store import Store
from chargekey.ports.tesla import TeslaVehicles, VehicleCommands


class SendCommand:
    """The only room that sends. It keeps to `domain/delivery.py` and adds no rule of its own."""

    def __init__(self, store: Store, clock: Clock, vehicles: TeslaVehicles, commands: VehicleCommands) -> None:
        self._store, self._clock, self._vehicles, self._commands = store, clock, vehicles, commands

    async def draft(self, vehicle: Vehicle, night_id: int | None, order: Order, current_a: int | None) -> Command:
        """Write down what is about to be asked."""
        async with self._store.unit() as unit:
            return await unit.commands.draft(vehicle.id, night_id, order, current_a, self._clock.now())

    async def send(self, vehicle: Vehicle, command: Command, *, signed: bool) -> Command:
        """Send what was drafted. A fault that leaves it certain that nothing happened is raised anew."""
        await self._happened(command, Happening.SENT)
        try:
            await self._ask(vehicle, command, signed=signed)
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

    async def take_up(self, vehicle_id: int) -> Sequence[Command]:
        """After a stop in the middle: what was on its way may have happened. Returns what is still open.

        Called only by the holder of the vehicle's timer, so nobody else is sending.
        """
        async with self._store.unit() as unit:
            for command in await unit.commands.open_commands(vehicle_id):
                if command.delivery is Delivery.ON_ITS_WAY:
                    await unit.commands.happened(command.id, Happening.ANSWER_LOST, self._clock.now())
            return await unit.commands.open_commands(vehicle_id)

    async def settle(self, command: Command, charge: ChargeState) -> Command:
        """What a look, taken after the send, says of a command whose answer was lost."""
        done = seen_done(command, charge)
        return await self._happened(command, Happening.SEEN_DONE if done else Happening.SEEN_UNDONE)

    async def drop(self, command: Command) -> Command:
        """It was never sent, or certainly did not happen, and is not wanted any more."""
        return await self._happened(command, Happening.NO_LONGER_WANTED)

    async def _happened(self, command: Command, happening: Happening, detail: str = "") -> Command:
        async with self._store.unit() as unit:
            return await unit.commands.happened(command.id, happening, self._clock.now(), detail)

    async def _ask(self, vehicle: Vehicle, command: Command, *, signed: bool) -> None:
        grant_id, vin = vehicle.grant_id, vehicle.vin
        if command.order is Order.WAKE:
            await self._vehicles.wake(grant_id, vin)
        elif command.order is Order.START:
            await self._commands.start_charging(grant_id, vin, signed=signed)
        elif command.order is Order.STOP:
            await self._commands.stop_charging(grant_id, vin, signed=signed)
        elif command.current_a is not None:
            await self._commands.set_charging_current(grant_id, vin, command.current_a, signed=signed)


def seen_done(command: Command, charge: ChargeState) -> bool:
    """Whether the car does what the command asked for. A wake is done as soon as the car can be looked at."""
    if command.order is Order.START:
        return charge.drawing or charge.charging is Charging.COMPLETE
    if command.order is Order.STOP:
        return not charge.drawing
    if command.order is Order.SET_CURRENT:
        return charge.current_asked_a == command.current_a
    return True
