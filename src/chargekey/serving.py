"""The house put together and running: the adapters that the journeys get, the pages, the worker.

Pages and worker run in one process, or in several that meet in the database: then on SQLite one of each, on PostgreSQL
as many as there is work for.
"""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

import httpx2
import structlog
import uvicorn
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from chargekey.adapters.clock.system import SystemClock
from chargekey.adapters.clock.turned import TurnedClock
from chargekey.adapters.jobs.bus import InProcessBus
from chargekey.adapters.store.alone import Alone, HomeTaken
from chargekey.adapters.store.engine import open_engine
from chargekey.adapters.store.migrate import migrate
from chargekey.adapters.store.page_changes import KeptBus
from chargekey.adapters.store.ring_guard import fit_ring
from chargekey.adapters.store.store import KeptStore, Outbox
from chargekey.adapters.store.timers import TimerQueue
from chargekey.adapters.store.upkeep import reach
from chargekey.adapters.tesla.call_record import Record, recorded
from chargekey.adapters.tesla.client import open_client
from chargekey.adapters.tesla.command_key import CommandKey, load_command_key
from chargekey.composition import Journeys, compose_journeys, mail_of
from chargekey.entrypoints.api import demo_clock, key_file, surplus
from chargekey.entrypoints.web import build as web
from chargekey.entrypoints.web.listening import listening
from chargekey.entrypoints.web.site import Site
from chargekey.entrypoints.worker.ear import Ear
from chargekey.entrypoints.worker.loop import Worker
from chargekey.ground import Ground
from chargekey.journeys.watch_tesla import keep_call
from chargekey.ports.call_log import Call
from chargekey.ports.clock import Clock
from chargekey.ports.notify import Notify
from chargekey.settings import Settings, SettingsWrong
from chargekey.telemetry_sources import telemetry_of
from chargekey.works import works_of

REGISTER_AGAIN_AFTER_S: Final = 0.5
REGISTER_TRIES: Final = 240
MOVE_IN_AGAIN_AFTER_S: Final = 0.1
MOVE_IN_TRIES: Final = 100
"""Who is alone for a moment as he starts, or is asked for something short, is waited for."""


class Part(Enum):
    """What a process does of the whole."""

    BOTH = "pages and worker"
    PAGES = "pages"
    WORKER = "worker"


@dataclass(frozen=True, slots=True)
class Home:
    """Everything that runs, put together. `outbox` is the demo's mail, None elsewhere. `ear` None: no stream is set.

    `alone`: nobody else has this home. `works_alone`: nobody else works off what is due in it. Both for SQLite only.
    """

    part: Part
    settings: Settings
    engine: AsyncEngine
    clock: SystemClock | TurnedClock
    http: httpx2.AsyncClient
    store: KeptStore
    queue: TimerQueue
    alone: Alone
    works_alone: Alone
    key: CommandKey
    journeys: Journeys
    worker: Worker
    ear: Ear | None
    bus: InProcessBus | KeptBus
    notify: Notify
    outbox: Outbox | None

    async def turn_clock(self, to: datetime) -> datetime | None:
        """Demo: from now on it is `to`; do all that is due by then. Returns when something is due again."""
        if isinstance(self.clock, TurnedClock):
            self.clock.turn(to)
        return await self.worker.catch_up()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The database brought up to date, our part at work; all ended in order. Raises `HomeTaken`."""
        await self._move_in()
        await self.prepare()
        await self._keep_demo_apart()
        work_over, all_over = asyncio.Event(), asyncio.Event()
        working = await self._begin_to_work(work_over)
        telling = asyncio.create_task(self.bus.forever(all_over)) if isinstance(self.bus, KeptBus) else None
        registering = asyncio.create_task(self._register_demo()) if self.settings.demo else None
        try:
            yield
        finally:
            work_over.set()
            if registering:
                registering.cancel()
                await asyncio.wait({registering})  # its connection too: cut off while it closes, it would hang for ever
            if working:
                await working
            all_over.set()
            if telling:
                await telling
            await self.close()

    async def _move_in(self) -> None:
        """On SQLite: from now on nobody is alone with this home."""
        if self.engine.dialect.name == "sqlite":
            await _one_of_many(self.alone)

    async def _begin_to_work(self, stop: asyncio.Event) -> asyncio.Task[None] | None:
        """None: that is another process's part."""
        if self.part is Part.PAGES:
            return None
        if self.engine.dialect.name == "sqlite":
            if self.works_alone.is_so():
                await self.queue.free_all()
            await _one_of_many(self.works_alone)
        await self.journeys.stay_connected.begin()
        await self.journeys.check_operator.begin()
        await self.journeys.fetch_prices.begin()
        await self.journeys.fetch_carbon.begin()
        await self.journeys.book_nights.begin()
        await self.journeys.tell_to_stream.begin()
        return asyncio.create_task(self._work(stop))

    async def _work(self, stop: asyncio.Event) -> None:
        """What is due, and beside it whatever cars stream."""
        listening = asyncio.create_task(self.ear.forever(stop)) if self.ear else None
        await self.worker.forever(stop)
        if listening:
            await listening

    async def prepare(self) -> None:
        """The database brought up to date, and its key ring found to fit.

        Raises `DatabaseUnreachable`, `DatabaseTooNew` or `KeyRingLost`.
        """
        await reach(self.engine)
        await migrate(self.engine)
        await fit_ring(self.engine, self.settings.key_ring)

    async def close(self) -> None:
        """Let go of all connections."""
        await self.http.aclose()
        await self.engine.dispose()
        self.works_alone.let_go()
        self.alone.let_go()

    async def _keep_demo_apart(self) -> None:
        """A demo's database is refused elsewhere, and any other in the demo."""
        if await self.store.is_demo() is None:
            await self.store.mark(demo=self.settings.demo)
        is_demo = await self.store.is_demo()
        if is_demo != self.settings.demo:
            kind = "a demo's" if is_demo else "no demo's"
            raise SettingsWrong(f"this is {kind} database: choose another CHARGEKEY_DATA_DIR or CHARGEKEY_DATABASE_URL")

    async def _register_demo(self) -> None:
        """The demo's app is registered by itself, as soon as the simulated Tesla can fetch our key."""
        for _ in range(REGISTER_TRIES):
            if all(one.is_right for one in (await self.journeys.check_operator.register()).values()):
                return
            await asyncio.sleep(REGISTER_AGAIN_AFTER_S)
        structlog.get_logger().error("the simulated Tesla cannot fetch our key")


async def _one_of_many(alone: Alone) -> None:
    for _ in range(MOVE_IN_TRIES):
        if alone.is_one_of_many():
            return
        await asyncio.sleep(MOVE_IN_AGAIN_AFTER_S)
    raise HomeTaken("another command has this home for itself just now: start again when it has ended")


def compose(settings: Settings, part: Part = Part.BOTH) -> Home:
    """Choose the adapters and hand them to the journeys. Opens no connection yet."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    clock = clock_of(settings)
    engine, key = open_engine(settings.database), load_command_key(settings.command_key)
    store, queue, bus = KeptStore(engine), TimerQueue(engine), _bus(engine, part)
    outbox = Outbox(engine, clock) if settings.demo else None
    notify: Notify = outbox or mail_of(settings)
    http = open_client(trust_env=not settings.demo)
    record = _call_log(store, clock, settings)
    journeys = compose_journeys(Ground(settings, clock, engine, store, bus, notify, http, key, record))
    worker = Worker(queue, clock, works_of(journeys, by_mail=settings.sends_mail))
    source = telemetry_of(settings, clock)
    ear = Ear(source, journeys.listen.hear) if source else None
    locks = Alone(settings.alone_lock), Alone(settings.data_dir / "works-alone.lock")
    return Home(
        part, settings, engine, clock, http, store, queue, *locks, key, journeys, worker, ear, bus, notify, outbox
    )


def _bus(engine: AsyncEngine, part: Part) -> InProcessBus | KeptBus:
    """On SQLite, where one process does both, nobody else is to be told."""
    return InProcessBus() if engine.dialect.name == "sqlite" and part is Part.BOTH else KeptBus(engine)


def clock_of(settings: Settings) -> SystemClock | TurnedClock:
    """In the demo it is turned."""
    return TurnedClock(settings.data_dir / "clock.json") if settings.demo else SystemClock()


def _call_log(store: KeptStore, clock: Clock, settings: Settings) -> Record:
    """Writes down how each call went, in a moment of its own: what it was made for has its own unit of work."""

    async def keep(call: Call) -> None:
        async with store.unit() as unit:
            await keep_call(unit, call)

    return recorded(keep, clock, settings.tesla_regions, settings.tesla_token_url)


def web_of(home: Home) -> FastAPI:
    """Pages, key file, the door for surplus and, in the demo, its clock."""
    settings = home.settings
    others = [key_file.routes(home.key.public_pem), surplus.routes(home.journeys.hear_surplus)]
    if settings.demo:
        others.append(demo_clock.routes(home.turn_clock))

    site = Site(
        operator=settings.operator_name,
        base_url=settings.base_url,
        domain=settings.key_domain,
        zone=settings.zone,
        tesla_auth_url=settings.tesla_auth_url,
        stage_url=settings.stage_url or None,
        demo=settings.demo,
        staff=settings.staff,
        sender=settings.sender,
        sends_mail=settings.sends_mail,
        currency=home.journeys.plan_charge.markets[0].currency,
    )
    return web.build(
        site,
        home.journeys,
        clock=home.clock,
        bus=home.bus,
        notify=home.notify,
        is_ready=home.store.is_reachable,
        letters=home.outbox,
        others=others,
    )


def listens(home: Home) -> uvicorn.Config:
    """The server with our pages."""
    settings = home.settings
    return listening(
        web_of(home),
        host=settings.bind,
        port=settings.port,
        proxies=settings.proxies,
        most_connections=settings.most_connections,
    )


async def serve(home: Home, served: Callable[[uvicorn.Config], uvicorn.Server] = uvicorn.Server) -> None:
    """Until a signal; what has begun by then is finished."""
    async with home.running():
        await served(listens(home)).serve()


@contextlib.contextmanager
def told_to_stop() -> Iterator[None]:
    """SIGTERM, which a machine sends, ends us in the same order as Ctrl-C.

    uvicorn hands the signal on once it serves nobody any more. Left alone, SIGTERM would cut off there whatever the
    worker has begun, and leave its leases behind.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt):
        yield


async def work(home: Home) -> None:
    """Without pages, until a signal; what has begun by then is finished."""
    told = asyncio.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(one, told.set)
    async with home.running():
        await told.wait()
