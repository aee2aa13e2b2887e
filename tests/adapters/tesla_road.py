"""Our client of signed commands, a car that checks them, and Tesla between the two."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric import ec

from chargekey.adapters.tesla.command_key import CommandKey
from chargekey.adapters.tesla.fleet_api import FleetApi
from chargekey.adapters.tesla.signing.refusals import FAULTS, Next
from chargekey.adapters.tesla.vehicle_commands import SignedCommands
from tests.adapters.tesla_car import Car
from tests.adapters.tesla_side import GRANT, TRUSTED, VIN, PocketSessions, PocketVault, Said, StillClock, Tesla

SIGN_ANEW = [number for number, row in FAULTS.items() if row.next is Next.SIGN_ANEW]
OURS = CommandKey(ec.generate_private_key(ec.SECP256R1()))


@dataclass
class Road:
    """Our client and the car, with Tesla between them."""

    clock: StillClock = field(default_factory=StillClock)
    sessions: PocketSessions = field(default_factory=PocketSessions)
    pauses: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.car = Car(self.clock, OURS.public_bytes)

    def client(self, *answers: Said) -> tuple[SignedCommands, Tesla]:
        """A client just started, and what Tesla answers: the car itself, ten times, unless said otherwise."""
        tesla = Tesla(*(answers or [self.car] * 10))
        api = FleetApi(tesla.http, PocketVault("second"), TRUSTED)
        return SignedCommands(api, OURS, self.sessions, self.clock, self._pause), tesla

    async def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.clock.passes(seconds)


async def start(road: Road, *answers: Said) -> None:
    commands, _ = road.client(*answers)
    await commands.start_charging(GRANT, VIN, signed=True)


Order = Callable[[SignedCommands, bool], Awaitable[object]]


async def tell_start(commands: SignedCommands, signed: bool) -> None:
    await commands.start_charging(GRANT, VIN, signed=signed)


async def tell_stop(commands: SignedCommands, signed: bool) -> None:
    await commands.stop_charging(GRANT, VIN, signed=signed)


async def tell_current(commands: SignedCommands, signed: bool) -> None:
    await commands.set_charging_current(GRANT, VIN, 9, signed=signed)
