"""The town of the stories: a simulated Tesla and Chargekey, each on a port of its own, both in the test's own loop.

Time is turned by the story alone, from Tesla's side; Chargekey follows as in the demo.
"""

import contextlib
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import httpx2

from chargekey.adapters.tesla.command_key import make_command_key
from chargekey.entrypoints.cli.demo import Demo, settings_of_demo
from chargekey.journeys.night_shown import NightShown
from chargekey.serving import Home, compose, listens
from chargekey.settings import Settings
from tesla_simulator.app import build
from tesla_simulator.calls import Call
from tesla_simulator.cars.car import Car
from tesla_simulator.clock import TurnedClock
from tesla_simulator.demo import DOMAIN, EMAIL, MODEL_3, demo_world
from tesla_simulator.sites import Sites
from tesla_simulator.world import World
from tests.simulator.served import a_door, serving, serving_as, signing_key_pem
from tests.stories.call_bounds import asked_too_often
from tests.stories.phone import Phone

A_WEDNESDAY_EVENING: Final = datetime(2024, 11, 6, 17, 20, tzinfo=UTC)
PHONE: Final = {"User-Agent": "Mozilla/5.0 (iPhone) Mobile", "Accept-Language": "en-GB"}
LETS_GO: Final = httpx2.Limits(keepalive_expiry=2.0)
"""Of idle connections, long before uvicorn does after five seconds: else both may do it in the same moment."""
COMPUTER: Final = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64)", "Accept-Language": "en-GB"}


@dataclass
class Town:
    """Both sides, for a story to play with."""

    world: World
    home: Home
    url: str
    tesla_url: str
    door: socket.socket
    _browsers: contextlib.AsyncExitStack = field(default_factory=contextlib.AsyncExitStack)
    _house: contextlib.AsyncExitStack = field(default_factory=contextlib.AsyncExitStack)

    @property
    def car(self) -> Car:
        """The car that most stories are about."""
        return self.world.cars[MODEL_3]

    @property
    def now(self) -> datetime:
        return self.world.now

    async def nights(self) -> list[NightShown]:
        """Each in full, newest first, of the driver who came first."""
        show = self.home.journeys.show_charging
        return [await show.night(1, one.night.id) for one in await show.nights(driver_id=1)]

    async def a_phone(self, headers: dict[str, str] = PHONE) -> Phone:
        """A browser that has never been here."""
        web = await self._browsers.enter_async_context(
            httpx2.AsyncClient(
                trust_env=False, verify=False, timeout=30, limits=LETS_GO, follow_redirects=True, headers=headers
            )
        )
        return Phone(web, self.url)

    @contextlib.asynccontextmanager
    async def house(self) -> AsyncIterator[None]:
        """Chargekey runs, whatever happens to it meanwhile."""
        async with self._house:
            await self._opens()
            yield

    @contextlib.asynccontextmanager
    async def is_stopped(self) -> AsyncIterator[None]:
        """What is done to its files in here Chargekey finds when it starts again. Time passes without it."""
        await self._house.aclose()
        followers, self.world.followers.addresses = self.world.followers.addresses, []
        yield
        self.home = compose(self.home.settings)
        await self._opens()
        self.world.followers.addresses = followers
        await self.world.greet_followers()

    async def _opens(self) -> None:
        """On a copy of its door, which a server closes when it ends."""
        await self._house.enter_async_context(self.home.running())
        await self._house.enter_async_context(serving_as(listens(self.home), self.door.dup()))

    async def time_passes(self, **long: float) -> None:
        await self.world.time_passes(timedelta(**long))

    async def until(self, moment: datetime) -> None:
        await self.world.until(moment)

    def calls(self, path: str, since: datetime | None = None) -> list[Call]:
        """What Chargekey asked Tesla under such a path."""
        return [call for call in self.world.calls if path in call.path and (since is None or call.at >= since)]

    async def pairs(self, phone: Phone, vin: str = MODEL_3, **plan: str) -> None:
        """A new driver all the way to tonight."""
        await phone.signs_in()
        await phone.allows()
        await phone.chooses(vin)
        await self.adds_the_key(phone)
        await phone.plans(**plan)

    async def adds_the_key(self, phone: Phone) -> None:
        """Until the car itself has answered, if it is awake."""
        await phone.adds_the_key()
        await self.time_passes(seconds=12)
        await phone.looks_again()


def starts_and_stops(car: Car) -> list[str]:
    """What it was told, but for the schedules that it was given and rid of."""
    return [order for order in car.accepted_commands if not order.endswith("_charge_schedule")]


def demo_settings(url: str, tesla_url: str, folder: Path) -> Settings:
    """The demo's own settings, on ports of this test."""
    ports = [int(address.rsplit(":", 1)[1]) for address in (url, tesla_url)]
    return Settings.model_validate(settings_of_demo(Demo(ports[0], ports[1], folder)))


@contextlib.asynccontextmanager
async def a_town(folder: Path, starts_at: datetime = A_WEDNESDAY_EVENING, **otherwise: object) -> AsyncIterator[Town]:
    """Nobody has come yet; the app is registered as partner. At its end Tesla was asked nothing in a loop.

    `otherwise`: settings that are not as in the demo.
    """
    door, url = a_door()
    tesla_door, tesla_url = a_door()
    for one in (door, tesla_door):
        one.listen()  # so that whoever knocks before the server is up waits instead of failing
    world = demo_world(TurnedClock.showing(starts_at), Sites(tesla_url), url, (f"{url}/demo/clock",))
    world.tokens.signer.pem = signing_key_pem()
    settings = demo_settings(url, tesla_url, folder).model_copy(update=otherwise)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    make_command_key(settings.command_key)
    async with contextlib.AsyncExitStack() as browsers:
        town = Town(world, compose(settings), url, tesla_url, door, _browsers=browsers)
        browsers.callback(door.close)
        async with serving(build(world, None, url), tesla_door), town.house():
            await world.greet_followers()
            checked = await town.home.journeys.check_operator.register()
            assert all(one.is_right for one in checked.values()), checked
            yield town
        too_often = asked_too_often(world.calls)
        assert not too_often, "; ".join(too_often)


__all__ = [
    "A_WEDNESDAY_EVENING",
    "COMPUTER",
    "DOMAIN",
    "EMAIL",
    "MODEL_3",
    "PHONE",
    "Town",
    "a_town",
    "demo_settings",
    "starts_and_stops",
]
