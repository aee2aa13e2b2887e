"""The composition root: the one place that names concrete adapters and reads settings."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
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
from chargekey.adapters.clock.turned import OffsetUnreadable, TurnedClock
from chargekey.adapters.jobs.bus import InProcessBus
from chargekey.adapters.push.push_key import PushKeyUnreadable
from chargekey.adapters.store.alone import Alone
from chargekey.adapters.store.engine import DatabaseUnknown, open_engine
from chargekey.adapters.store.migrate import DatabaseTooNew, migrate
from chargekey.adapters.store.moving import CannotMove, move
from chargekey.adapters.store.ring_file import KeyRingUnreadable
from chargekey.adapters.store.ring_guard import KeyRingLost, fit_ring, go_on_without
from chargekey.adapters.store.rotation import CannotRotate, drop_old, rotate
from chargekey.adapters.store.store import KeptStore, Outbox
from chargekey.adapters.store.timers import TimerQueue
from chargekey.adapters.store.upkeep import DatabaseUnreachable, cars_known
from chargekey.adapters.tesla.call_record import Record, recorded
from chargekey.adapters.tesla.client import open_client
from chargekey.adapters.tesla.command_key import (
    CommandKey,
    CommandKeyLost,
    CommandKeyMissing,
    CommandKeyUnreadable,
    load_command_key,
    make_command_key,
)
from chargekey.adapters.tesla.metering import metered
from chargekey.composition import Ground, Journeys, compose_journeys, mail_of, upkeep_of
from chargekey.domain.spend import Billed
from chargekey.domain.vehicle import Vin
from chargekey.entrypoints.api import demo_clock, key_file
from chargekey.entrypoints.cli import commands
from chargekey.entrypoints.cli.commands import House
from chargekey.entrypoints.cli.keeping import Keeping
from chargekey.entrypoints.logs import set_up
from chargekey.entrypoints.web import build as web
from chargekey.entrypoints.web import upkeep_words
from chargekey.entrypoints.web.listening import listening
from chargekey.entrypoints.web.operator_words import printed
from chargekey.entrypoints.web.site import Site
from chargekey.entrypoints.web.words import PLACES, Words
from chargekey.entrypoints.worker.loop import Worker
from chargekey.journeys.check_operator import RegionChecked
from chargekey.journeys.come_back import Restored
from chargekey.journeys.look_after_home import LookAfterHome
from chargekey.journeys.watch_tesla import keep_call
from chargekey.ports.call_log import Call
from chargekey.ports.clock import Clock
from chargekey.ports.jobs import Work
from chargekey.ports.notify import Notify
from chargekey.ports.upkeep import Rotated
from chargekey.settings import Settings, SettingsWrong, read_settings
from chargekey.works import works_of


class StillServing(Exception):
    """What is asked for must be done while nobody serves."""


OPERATORS_TO_MEND: Final = (
    SettingsWrong,
    CommandKeyLost,
    CommandKeyMissing,
    CommandKeyUnreadable,
    KeyRingLost,
    KeyRingUnreadable,
    PushKeyUnreadable,
    OffsetUnreadable,
    DatabaseUnknown,
    DatabaseTooNew,
    DatabaseUnreachable,
    StillServing,
    CannotMove,
    CannotRotate,
)
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
    worker = Worker(queue, clock, works_of(journeys))
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


# ── the console script ───────────────────────────────────────────


def main() -> None:
    """What `chargekey` on the command line runs. What an operator can mend ends it with one line."""
    house = House(
        serve=lambda: _serve(read_settings()),
        serve_demo=_serve_demo,
        make_key=lambda all_again: asyncio.run(_make_key(read_settings(), all_pair_again=all_again)),
        key_path=lambda: key_file_of(read_settings()),
        register=lambda: asyncio.run(_register(read_settings())),
        check=lambda: asyncio.run(_check(read_settings())),
        keeping=Keeping(
            move=lambda to: asyncio.run(move(read_settings().database, to)),
            rotate=lambda: asyncio.run(_rotate(read_settings())),
            drop_old=lambda: asyncio.run(_drop_old(read_settings())),
            restored=lambda without_ring: asyncio.run(_restored(read_settings(), without_ring=without_ring)),
            doctor=lambda: asyncio.run(_doctor(read_settings())),
            again=lambda work, key: asyncio.run(_again(read_settings(), work, key)),
        ),
    )
    try:
        commands.build(house)()
    except OPERATORS_TO_MEND as wrong:
        raise SystemExit(f"chargekey: {wrong}") from wrong


def _serve_demo(values: Mapping[str, str]) -> None:
    settings = read_settings(values)
    asyncio.run(_make_key(settings, all_pair_again=False))
    _serve(settings)


def _serve(settings: Settings) -> None:
    set_up(settings.log_format)
    home = compose(settings)
    with told_to_stop():
        asyncio.run(serve(home))


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


async def _make_key(settings: Settings, *, all_pair_again: bool) -> bool:
    """False: there is one, and it stays. Raises `CommandKeyLost` where a database knows cars."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = key_file_of(settings)
    if not path.exists() and not all_pair_again:
        async with _database(settings) as engine:
            if cars := await cars_known(engine):
                raise CommandKeyLost(path, cars)
    return make_command_key(path)


async def _register(settings: Settings) -> list[RegionChecked]:
    async with _for_a_moment(settings) as home:
        await home.prepare()
        return list((await home.journeys.check_operator.register()).values())


async def _check(settings: Settings) -> tuple[list[str], bool]:
    async with _for_a_moment(settings) as home:
        await home.prepare()
        side = await home.journeys.check_operator.look()
        return printed(Words(PLACES[0], settings.zone), side.lines), side.is_right


async def _restored(settings: Settings, *, without_ring: bool) -> Restored:
    async with _for_a_moment(settings) as home:
        if home.engine.dialect.name == "sqlite" and not home.alone.is_so():
            raise StillServing("Chargekey is running on this database: stop it, then run this, then start it")
        await migrate(home.engine)
        if without_ring:
            await go_on_without(home.engine, settings.key_ring)
        await home.prepare()
        return await home.journeys.come_back.look()


async def _doctor(settings: Settings) -> tuple[list[str], bool]:
    async with _database(settings) as engine:
        home = await LookAfterHome(upkeep_of(settings, engine), clock_of(settings)).examine()
    said = upkeep_words.found(Words(PLACES[0], settings.zone), home)
    return upkeep_words.printed(said), not any(one.is_bad for one in said)


async def _again(settings: Settings, work: Work, key: int) -> bool:
    async with _database(settings) as engine:
        return await LookAfterHome(upkeep_of(settings, engine), clock_of(settings)).again(work, key)


async def _rotate(settings: Settings) -> Rotated:
    async with _database(settings) as engine:
        return await rotate(engine, settings.key_ring)


async def _drop_old(settings: Settings) -> Sequence[int]:
    async with _database(settings) as engine:
        return await drop_old(engine, settings.key_ring, SystemClock().now())


@contextlib.asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(settings.database)
    try:
        yield engine
    finally:
        await engine.dispose()


@contextlib.asynccontextmanager
async def _for_a_moment(settings: Settings) -> AsyncIterator[Home]:
    home = compose(settings)
    try:
        yield home
    finally:
        await home.close()
