"""Both sides on one ground: Tesla in this process, Chargekey in one that can die, and all of it saved between legs.

Rules of this room:

1. What Tesla knows, what Chargekey has on disk and what the browser brings along is saved and restored together.
2. Chargekey's ports, folder and key stay the same throughout, so that whatever was saved fits again.
3. After a death the database's clock has gone on: leases of the dead have run out. Nobody waits for that in truth.
"""

import asyncio
import contextlib
import copy
import json
import shutil
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.cookiejar import Cookie
from pathlib import Path
from typing import Final

import httpx2
from pydantic import TypeAdapter
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from starlette.types import ASGIApp, Receive, Scope, Send

from chargekey.adapters.store import tables
from chargekey.adapters.store.engine import open_engine
from chargekey.adapters.tesla.command_key import make_command_key
from chargekey.entrypoints.cli.demo import Demo, settings_of_demo
from chargekey.ports.jobs import Work
from tesla_simulator.app import build
from tesla_simulator.cars.car import Car
from tesla_simulator.clock import TurnedClock
from tesla_simulator.demo import MODEL_3, demo_world
from tesla_simulator.followers import FollowerLost
from tesla_simulator.sites import Sites
from tesla_simulator.world import World, WorldRecord
from tests.kills.databases import Database
from tests.kills.mortal import Order
from tests.kills.nursery import Life, Nursery
from tests.kills.seams import Cut
from tests.overhearing import OVERHEARD
from tests.simulator.served import a_door, serving, signing_key_pem
from tests.stories.phone import Phone
from tests.stories.town import A_WEDNESDAY_EVENING, PHONE

RECORDS: Final[TypeAdapter[WorldRecord]] = TypeAdapter(WorldRecord)
NOTICES_A_DEATH_S: Final = 20.0
LONGEST_S: Final = 240.0
"""Nothing takes so long, on a machine that is ten times too busy either: whoever does hangs."""


class Died(Exception):
    """Chargekey's process is over."""


@dataclass(frozen=True)
class Saved:
    """Before a leg: the moment, Tesla's record, and what the browser brings along."""

    moment: datetime
    record: bytes
    cookies: tuple[Cookie, ...]


class Tesla:
    """The world that is played just now, on one address throughout. Whoever waits is told of each answer."""

    def __init__(self) -> None:
        self.app: ASGIApp | None = None
        self.answered = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self.app is None:
            raise NotImplementedError("only requests are answered")
        await self.app(scope, receive, send)
        self.answered.set()


@dataclass
class Ground:
    """One Tesla, one Chargekey, one driver."""

    folder: Path
    database: Database
    url: str
    tesla_url: str
    tesla: Tesla
    nursery: Nursery
    world: World = field(init=False)
    phone: Phone = field(init=False)
    life: Life | None = None
    _web: httpx2.AsyncClient | None = None
    _saved: dict[str, Saved] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def car(self) -> Car:
        return self.world.cars[MODEL_3]

    @property
    def seams(self) -> Path:
        """What has been passed since the last start of a leg."""
        return self.folder / "seams.txt"

    @property
    def settings(self) -> dict[str, str]:
        ports = [int(one.rsplit(":", 1)[1]) for one in (self.url, self.tesla_url)]
        return {**settings_of_demo(Demo(ports[0], ports[1], self.data)), "database_url": self.database.url}

    # ── beginnings, and beginnings again ─────────────────────────

    async def begins(self) -> None:
        """Nobody has come yet, and nothing is registered."""
        self.data.mkdir(parents=True)
        make_command_key(self.data / "command-key.pem")
        self.database.empty()
        clock = TurnedClock.showing(A_WEDNESDAY_EVENING)
        self._plays(demo_world(clock, Sites(self.tesla_url), self.url, self._followers))
        self.world.tokens.signer.pem = signing_key_pem()
        await self._new_browser(())

    def save(self, name: str) -> None:
        """Chargekey's process is over."""
        assert self._web
        record = RECORDS.dump_json(self.world.brings_record_up_to_date())
        self._saved[name] = Saved(self.world.now, record, tuple(copy.copy(one) for one in self._web.cookies.jar))
        shutil.copytree(self.data, self.folder / "saved" / name)
        self.database.save(name)

    async def restore(self, name: str) -> None:
        """As it was when it was saved, the time of day included."""
        saved = self._saved[name]
        clock = TurnedClock.showing(saved.moment)
        self._plays(World(clock, Sites(self.tesla_url), RECORDS.validate_json(saved.record), self._followers))
        shutil.rmtree(self.data)
        shutil.copytree(self.folder / "saved" / name, self.data)
        offset = {"offset_us": clock.offset // timedelta(microseconds=1)}
        (self.data / "clock.json").write_text(json.dumps(offset))
        self.database.restore(name)
        self.seams.unlink(missing_ok=True)
        await self._new_browser(saved.cookies)

    # ── lives ────────────────────────────────────────────────────

    async def starts(self, cut: Cut | None = None) -> None:
        """Up, told the time, and done with all that fell due meanwhile. Raises `Died`."""
        self.life = await self.is_born(self.settings, cut)
        await self.while_alive(self.life.is_up.wait())
        await self.while_alive(self.world.greet_followers())

    async def lives(self) -> None:
        """Starts, where it does not run already."""
        if self.life is None or self.life.is_over.is_set():
            await self.starts()

    async def is_born(self, settings: dict[str, str], cut: Cut | None = None) -> Life:
        """A process with these settings, not yet up."""
        log = OVERHEARD.folder / "killed.log"
        return await self.nursery.bears(Order(settings=settings, log=log, seams=self.seams, cut=cut))

    async def leases_run_out(self) -> None:
        """The database's clock has gone on, and nobody renewed what he held."""
        engine = open_engine(self.database.url)
        async with engine.begin() as connection:
            with contextlib.suppress(DBAPIError):  # killed before the first tables were there
                await connection.execute(update(tables.timer).values(lease_until_ms=1))
                await connection.execute(update(tables.token).values(renewing_until_ms=1))
        await engine.dispose()

    async def starts_again(self) -> None:
        """After a death, and after its leases."""
        assert self._web
        await self.leases_run_out()
        await self._new_browser(tuple(self._web.cookies.jar))
        await self.starts()

    async def ends(self, what: signal.Signals = signal.SIGKILL) -> None:
        if self.life:
            await self.life.ends(what)

    async def while_alive(self, what: Awaitable[object]) -> None:
        """Do it as long as Chargekey lives. Raises `Died`, also where that was felt before it was heard."""
        assert self.life
        doing, over = asyncio.ensure_future(what), asyncio.ensure_future(self.life.is_over.wait())
        await asyncio.wait({doing, over}, timeout=LONGEST_S, return_when=asyncio.FIRST_COMPLETED)
        felt = doing.exception() if doing.done() else None
        if isinstance(felt, httpx2.TransportError | FollowerLost):
            await asyncio.wait({over}, timeout=NOTICES_A_DEATH_S)
        is_over = over.done()
        over.cancel()
        if is_over and not (doing.done() and felt is None):
            await _stopped(doing)
            raise Died
        if not doing.done():
            await _stopped(doing)
            raise TimeoutError(f"nothing came of it in {LONGEST_S} s")
        doing.result()

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Looks at the world after each of Tesla's answers."""
        while not is_so():
            self.tesla.answered.clear()
            await self.tesla.answered.wait()

    async def time_passes(self, **long: float) -> None:
        await self.world.time_passes(timedelta(**long))

    async def due_at(self, work: Work) -> datetime:
        """When the only timer for this work is due."""
        engine = open_engine(self.database.url)
        async with engine.begin() as connection:
            query = select(tables.timer.c.due_at).where(tables.timer.c.work == work.value)
            due: datetime = (await connection.execute(query)).scalar_one()
        await engine.dispose()
        return due

    # ── its own machinery ────────────────────────────────────────

    @property
    def _followers(self) -> tuple[str, ...]:
        return (f"{self.url}/demo/clock",)

    def _plays(self, world: World) -> None:
        self.world = world
        self.tesla.app = build(world, None, self.url)

    async def _new_browser(self, cookies: tuple[Cookie, ...]) -> None:
        """The same browser: a new client, for the old one's connections lead to the dead."""
        if self._web:
            await self._web.aclose()
        self._web = httpx2.AsyncClient(trust_env=False, timeout=LONGEST_S, follow_redirects=True, headers=PHONE)
        for one in cookies:
            self._web.cookies.jar.set_cookie(one)
        self.phone = Phone(self._web, self.url)


async def _stopped(doing: asyncio.Future[object]) -> None:
    doing.cancel()
    await asyncio.wait({doing})
    if not doing.cancelled():
        doing.exception()


@contextlib.asynccontextmanager
async def a_ground(folder: Path, database: Database, nursery: Nursery) -> AsyncIterator[Ground]:
    """Nothing has begun."""
    door, url = a_door()
    door.close()  # the processes take the port themselves
    tesla_door, tesla_url = a_door()
    tesla_door.listen()
    tesla = Tesla()
    async with serving(tesla, tesla_door):
        ground = Ground(folder, database, url, tesla_url, tesla, nursery)
        try:
            yield ground
        finally:
            await ground.ends()
            if ground._web:
                await ground._web.aclose()
