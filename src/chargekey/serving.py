"""The house put together and running: the adapters that the journeys get, the pages, the worker."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import httpx2
import structlog
import uvicorn
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from chargekey.adapters.clock.system import SystemClock
from chargekey.adapters.clock.turned import TurnedClock
from chargekey.adapters.jobs.bus import InProcessBus
from chargekey.adapters.store.alone import Alone
from chargekey.adapters.store.engine import open_engine
from chargekey.adapters.store.migrate import migrate
from chargekey.adapters.store.ring_guard import fit_ring
from chargekey.adapters.store.store import KeptStore, Outbox
from chargekey.adapters.store.timers import TimerQueue
from chargekey.adapters.tesla.call_record import Record, recorded
from chargekey.adapters.tesla.client import open_client
from chargekey.adapters.tesla.command_key import (
    CommandKey,
    load_command_key,
)
from chargekey.adapters.tesla.metering import metered
from chargekey.composition import Ground, Journeys, compose_journeys, mail_of
from chargekey.domain.spend import Billed
from chargekey.domain.vehicle import Vin
from chargekey.entrypoints.api import demo_clock, key_file
from chargekey.entrypoints.web import build as web
from chargekey.entrypoints.web.listening import listening
from chargekey.entrypoints.web.site import Site
from chargekey.entrypoints.worker.loop import Worker
from chargekey.journeys.watch_tesla import keep_call
from chargekey.ports.call_log import Call
from chargekey.ports.clock import Clock
from chargekey.ports.notify import Notify
from chargekey.settings import Settings, SettingsWrong
from chargekey.works import works_of

REGISTER_AGAIN_AFTER_S: Final = 0.5
REGISTER_TRIES: Final = 240


@dataclass(frozen=True, slots=True)
class Home:
    """Everything that runs, put together. `outbox` is the demo's mail, None elsewhere."""

    settings: Settings
    engine: AsyncEngine
    clock: SystemClock | TurnedClock
    http: httpx2.AsyncClient
    store: KeptStore
    queue: TimerQueue
    alone: Alone
    key: CommandKey
    journeys: Journeys
    worker: Worker
    bus: InProcessBus
    notify: Notify
    outbox: Outbox | None

    async def turn_clock(self, to: datetime) -> datetime | None:
        """Demo: from now on it is `to`; do all that is due by then. Returns when something is due again."""
        if isinstance(self.clock, TurnedClock):
            self.clock.turn(to)
        return await self.worker.catch_up()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The database brought up to date, the worker at work; both ended in order."""
        await self.prepare()
        await self._keep_demo_apart()
        if self.engine.dialect.name == "sqlite" and self.alone.is_so():
            await self.queue.free_all()
        await self.journeys.stay_connected.begin()
        await self.journeys.check_operator.begin()
        stop = asyncio.Event()
        working = asyncio.create_task(self.worker.forever(stop))
        registering = asyncio.create_task(self._register_demo()) if self.settings.demo else None
        try:
            yield
        finally:
            stop.set()
            if registering:
                registering.cancel()
                await asyncio.wait({registering})  # its connection too: cut off while it closes, it would hang for ever
            await working
            await self.close()

    async def prepare(self) -> None:
        """The database brought up to date, and its key ring found to fit. Raises `DatabaseTooNew` or `KeyRingLost`."""
        await migrate(self.engine)
        await fit_ring(self.engine, self.settings.key_ring)

    async def close(self) -> None:
        """Let go of all connections."""
        await self.http.aclose()
        await self.engine.dispose()
        self.alone.let_go()

    async def _keep_demo_apart(self) -> None:
        """A demo's database is refused elsewhere, and any other in the demo."""
        is_demo = await self.store.is_demo()
        if is_demo is None:
            await self.store.mark(demo=self.settings.demo)
        elif is_demo != self.settings.demo:
            kind = "a demo's" if is_demo else "no demo's"
            raise SettingsWrong(f"this is {kind} database: choose another CHARGEKEY_DATA_DIR or CHARGEKEY_DATABASE_URL")

    async def _register_demo(self) -> None:
        """The demo's app is registered by itself, as soon as the simulated Tesla can fetch our key."""
        for _ in range(REGISTER_TRIES):
            if all(one.is_right for one in (await self.journeys.check_operator.register()).values()):
                return
            await asyncio.sleep(REGISTER_AGAIN_AFTER_S)
        structlog.get_logger().error("the simulated Tesla cannot fetch our key")


def compose(settings: Settings) -> Home:
    """Choose the adapters and hand them to the journeys. Opens no connection yet."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    clock = clock_of(settings)
    engine, key = open_engine(settings.database), load_command_key(key_file_of(settings))
    store, queue, bus = KeptStore(engine), TimerQueue(engine), InProcessBus()
    outbox = Outbox(engine, clock) if settings.demo else None
    notify: Notify = outbox or mail_of(settings)
    http = open_client(metered(_bills(store, clock)), trust_env=not settings.demo)
    record = _call_log(store, clock, settings)
    journeys = compose_journeys(Ground(settings, clock, engine, store, bus, notify, http, key, record))
    worker = Worker(queue, clock, works_of(journeys, by_mail=settings.sends_mail))
    alone = Alone(settings.data_dir / "alone.lock")
    return Home(settings, engine, clock, http, store, queue, alone, key, journeys, worker, bus, notify, outbox)


def clock_of(settings: Settings) -> SystemClock | TurnedClock:
    """In the demo it is turned."""
    return TurnedClock(settings.data_dir / "clock.json") if settings.demo else SystemClock()


def _bills(store: KeptStore, clock: Clock) -> Callable[[Vin, Billed], Awaitable[None]]:
    """Writes down each call that Tesla bills."""

    async def billed(vin: Vin, category: Billed) -> None:
        async with store.unit() as unit:
            await unit.bills.add_call(vin, category, clock.now())

    return billed


def _call_log(store: KeptStore, clock: Clock, settings: Settings) -> Record:
    """Writes down how each call went, in a moment of its own: what it was made for has its own unit of work."""

    async def keep(call: Call) -> None:
        async with store.unit() as unit:
            await keep_call(unit, call)

    return recorded(keep, clock, settings.tesla_regions, settings.tesla_token_url)


def web_of(home: Home) -> FastAPI:
    """Pages, key file and, in the demo, its clock."""
    settings = home.settings
    others = [key_file.routes(home.key.public_pem)]
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


def key_file_of(settings: Settings) -> Path:
    """Where the command key lies."""
    return settings.data_dir / "command-key.pem"


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
