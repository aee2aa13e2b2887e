"""Chargekey as a process of its own, which a story can kill in the middle of anything; Tesla stays in the test."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final

import httpx2

from chargekey.adapters.tesla.command_key import make_command_key
from chargekey.entrypoints.cli.demo import Demo, settings_of_demo
from tesla_simulator.app import build
from tesla_simulator.cars.car import Car
from tesla_simulator.clock import TurnedClock
from tesla_simulator.demo import MODEL_3, demo_world
from tesla_simulator.faults import Fault
from tesla_simulator.sites import Sites
from tesla_simulator.world import World
from tests.overhearing import OVERHEARD
from tests.simulator.served import a_door, serving, signing_key_pem
from tests.stories.call_bounds import asked_too_often
from tests.stories.phone import Phone
from tests.stories.town import A_WEDNESDAY_EVENING, PHONE, demo_settings

SERVE: Final = (sys.executable, "-c", "from chargekey.app import main; main()", "serve")


@dataclass
class KnockOn(Fault):
    """A fault that says when a request has met it."""

    met: asyncio.Event = field(default_factory=asyncio.Event)

    def fits(self, site: str, path: str, account: str) -> bool:
        fits = super().fits(site, path, account)
        if fits:
            self.met.set()
        return fits


@dataclass
class Mortal:
    """Chargekey, started and killed at will. Its data folder outlives it."""

    world: World
    phone: Phone
    environment: dict[str, str]
    folder: Path
    _log: Path = field(default_factory=OVERHEARD.a_log)
    _running: asyncio.subprocess.Process | None = None
    _lives: list[int] = field(default_factory=list)
    """At which of Tesla's calls each start was: a start looks at its own side anew, by right."""

    @property
    def car(self) -> Car:
        return self.world.cars[MODEL_3]

    async def starts(self) -> None:
        """Up, told the time, and done with all that fell due meanwhile."""
        self._lives.append(len(self.world.calls))
        log = self._log
        with log.open("ab") as written:
            self._running = await asyncio.create_subprocess_exec(
                *SERVE, env=self.environment, stdout=written, stderr=written, cwd=self.folder
            )
        OVERHEARD.program(self._running.pid)
        ended, greeted = (
            asyncio.ensure_future(self._running.wait()),
            asyncio.ensure_future(self.world.greet_followers()),
        )
        await asyncio.wait({ended, greeted}, return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()
        if not greeted.done():
            greeted.cancel()
            raise AssertionError(log.read_text())

    async def is_killed(self) -> None:
        """kill -9: no word, no tidying up."""
        assert self._running
        self._running.send_signal(signal.SIGKILL)
        await self._running.wait()

    async def is_killed_and_starts_again(self) -> None:
        await self.is_killed()
        await self.starts()

    async def time_passes(self, **long: float) -> None:
        await self.world.time_passes(timedelta(**long))

    def asked_too_often(self) -> list[str]:
        """In any one of its lives."""
        bounds = pairwise([*self._lives, len(self.world.calls)])
        return [line for since, until in bounds for line in asked_too_often(self.world.calls[since:until])]

    async def ends(self) -> None:
        if self._running and self._running.returncode is None:
            await self.is_killed()


@contextlib.asynccontextmanager
async def a_mortal_chargekey(folder: Path) -> AsyncIterator[Mortal]:
    """Running; nobody has come yet, and the app has registered itself."""
    door, url = a_door()
    door.close()  # the process takes the port itself
    tesla_door, tesla_url = a_door()
    tesla_door.listen()
    world = demo_world(TurnedClock.showing(A_WEDNESDAY_EVENING), Sites(tesla_url), url, (f"{url}/demo/clock",))
    world.tokens.signer.pem = signing_key_pem()
    settings = demo_settings(url, tesla_url, folder / "data")
    settings.data_dir.mkdir(parents=True)
    make_command_key(settings.command_key)
    ports = [int(one.rsplit(":", 1)[1]) for one in (url, tesla_url)]
    told = settings_of_demo(Demo(ports[0], ports[1], settings.data_dir))
    environment = {f"CHARGEKEY_{name.upper()}": value for name, value in told.items()}
    environment["PYTHONPATH"] = os.pathsep.join(sys.path)
    async with (
        serving(build(world, None, url), tesla_door),
        httpx2.AsyncClient(trust_env=False, verify=False, timeout=30, follow_redirects=True, headers=PHONE) as web,
    ):
        chargekey = Mortal(world, Phone(web, url), environment, folder)
        try:
            await chargekey.starts()
            yield chargekey
            assert chargekey.asked_too_often() == []
        finally:
            await chargekey.ends()
