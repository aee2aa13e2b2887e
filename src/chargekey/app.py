"""The composition root: the one place that names concrete adapters and reads settings."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import httpx2
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from chargekey.adapters.clock.system import SystemClock
from chargekey.adapters.clock.turned import TurnedClock
from chargekey.adapters.jobs.bus import InProcessBus
from chargekey.adapters.notify.smtp import SmtpMail
from chargekey.adapters.store.engine import open_engine
from chargekey.adapters.store.migrate import migrate
from chargekey.adapters.store.sealing import key_ring
from chargekey.adapters.store.store import KeptSessions, KeptStore, Outbox
from chargekey.adapters.store.timers import TimerQueue
from chargekey.adapters.store.vault import KeptVault
from chargekey.adapters.tariffs.bundled_day_ahead import BundledDayAhead
from chargekey.adapters.tariffs.by_kind import TariffsByKind
from chargekey.adapters.tariffs.flat import FlatPrices
from chargekey.adapters.tariffs.time_of_use import TimeOfUsePrices
from chargekey.adapters.tesla.command_key import CommandKey, load_command_key
from chargekey.adapters.tesla.fleet_api import FleetApi
from chargekey.adapters.tesla.metering import metered
from chargekey.adapters.tesla.oauth import TeslaOAuth
from chargekey.adapters.tesla.pairing_link import TeslaPairingLink
from chargekey.adapters.tesla.registration import PartnerRegistration
from chargekey.adapters.tesla.vehicle_commands import SignedCommands
from chargekey.adapters.tesla.vehicles import FleetVehicles
from chargekey.domain.secret import Secret
from chargekey.domain.spend import Billed
from chargekey.domain.vehicle import Vin
from chargekey.entrypoints.worker.loop import Worker
from chargekey.journeys.check_operator import CheckOperator
from chargekey.journeys.choose_vehicle import ChooseVehicle
from chargekey.journeys.connect_account import ConnectAccount
from chargekey.journeys.disconnect import Disconnect
from chargekey.journeys.pair_vehicle import PairVehicle
from chargekey.journeys.plan_charge import PlanCharge
from chargekey.journeys.run_charge import RunCharge
from chargekey.journeys.send_command import SendCommand
from chargekey.journeys.show_charging import ShowCharging
from chargekey.journeys.sign_in import SignIn
from chargekey.journeys.standing import Standings
from chargekey.ports.jobs import Work
from chargekey.ports.notify import Notify
from chargekey.settings import Settings

log = structlog.get_logger()
TESLA_PATIENCE: Final = httpx2.Timeout(20.0, connect=8.0)
REGISTER_AGAIN_AFTER_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Journeys:
    """All that entrypoints may ask."""

    sign_in: SignIn
    standings: Standings
    connect_account: ConnectAccount
    choose_vehicle: ChooseVehicle
    pair_vehicle: PairVehicle
    plan_charge: PlanCharge
    run_charge: RunCharge
    show_charging: ShowCharging
    disconnect: Disconnect
    check_operator: CheckOperator


@dataclass(frozen=True, slots=True)
class Home:
    """Everything that runs, put together. `outbox` is the demo's mail, None elsewhere."""

    settings: Settings
    engine: AsyncEngine
    clock: SystemClock | TurnedClock
    http: httpx2.AsyncClient
    store: KeptStore
    queue: TimerQueue
    key: CommandKey
    journeys: Journeys
    worker: Worker
    outbox: Outbox | None

    async def turn_clock(self, to: datetime) -> datetime | None:
        """Demo: from now on it is `to`; do all that is due by then. Returns when something is due again."""
        if isinstance(self.clock, TurnedClock):
            self.clock.turn(to)
        return await self.worker.catch_up()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The database brought up to date, the worker at work; both ended in order."""
        await migrate(self.engine)
        if self.engine.dialect.name == "sqlite":
            await self.queue.free_all()
        stop = asyncio.Event()
        working = asyncio.create_task(self.worker.forever(stop))
        registering = asyncio.create_task(self._register_demo()) if self.settings.demo else None
        try:
            yield
        finally:
            stop.set()
            if registering:
                registering.cancel()
            await working
            await self.http.aclose()
            await self.engine.dispose()

    async def _register_demo(self) -> None:
        """The demo's app is registered by itself, as soon as the simulated Tesla can fetch our key."""
        while not all(one.is_right for one in (await self.journeys.check_operator.register()).values()):
            await asyncio.sleep(REGISTER_AGAIN_AFTER_S)
        log.info("registered at the simulated Tesla")


def compose(settings: Settings) -> Home:
    """Choose the adapters and hand them to the journeys. Opens no connection yet."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    clock = TurnedClock(settings.data_dir / "clock.json") if settings.demo else SystemClock()
    engine = open_engine(settings.database)
    store, queue, bus = KeptStore(engine), TimerQueue(engine), InProcessBus()
    key = load_command_key(settings.data_dir / "command-key.pem")
    outbox = Outbox(engine, clock) if settings.demo else None
    notify: Notify = outbox or _mail(settings)

    async def billed(vin: Vin, category: Billed) -> None:
        async with store.unit() as unit:
            await unit.bills.add_call(vin, category, clock.now())

    http = httpx2.AsyncClient(
        timeout=TESLA_PATIENCE, trust_env=not settings.demo, event_hooks={"response": [metered(billed)]}
    )
    oauth = _oauth(settings, http, clock)
    vault = KeptVault(engine, key_ring(settings.data_dir / "keyring.json"), oauth, clock)
    trusted = frozenset(settings.tesla_regions.values())
    api = FleetApi(http, vault, trusted)
    vehicles = FleetVehicles(api, trusted)
    commands = SignedCommands(api, key, KeptSessions(engine), clock)
    tariffs = TariffsByKind(FlatPrices(settings.zone), TimeOfUsePrices(settings.zone), BundledDayAhead.shipped())
    planner = PlanCharge(store, clock, bus, tariffs)
    registration = PartnerRegistration(http, oauth, settings.tesla_regions)
    link = TeslaPairingLink(settings.tesla_pairing_url, settings.key_domain)
    journeys = Journeys(
        sign_in=SignIn(store, clock, notify, lambda token: f"{settings.base_url}/sign-in/{token.reveal()}"),
        standings=Standings(store),
        connect_account=ConnectAccount(
            store, clock, bus, oauth, vehicles, vault, next(iter(settings.tesla_regions.values()))
        ),
        choose_vehicle=ChooseVehicle(store, clock, bus, vehicles),
        pair_vehicle=PairVehicle(store, clock, bus, vehicles, commands, link),
        plan_charge=planner,
        run_charge=RunCharge(store, clock, bus, vehicles, SendCommand(store, clock, vehicles, commands), planner),
        show_charging=ShowCharging(store, clock, tariffs),
        disconnect=Disconnect(store, clock, bus, vault, oauth.revoke_url),
        check_operator=CheckOperator(registration, settings.key_domain, list(settings.tesla_regions), key.public_hex),
    )
    worker = Worker(
        queue,
        clock,
        {
            Work.LOOK_FOR_KEY: journeys.pair_vehicle.look_for_key,
            Work.PROVE_KEY: journeys.pair_vehicle.prove,
            Work.TEND_VEHICLE: journeys.run_charge.tend,
        },
    )
    return Home(settings, engine, clock, http, store, queue, key, journeys, worker, outbox)


def _oauth(settings: Settings, http: httpx2.AsyncClient, clock: SystemClock | TurnedClock) -> TeslaOAuth:
    return TeslaOAuth(
        http,
        clock,
        auth_url=settings.tesla_auth_url,
        token_url=settings.tesla_token_url,
        client_id=settings.tesla_client_id,
        client_secret=Secret(settings.tesla_client_secret.get_secret_value()),
        redirect_uri=settings.callback_url,
        audience=next(iter(settings.tesla_regions.values())),
    )


def _mail(settings: Settings) -> SmtpMail:
    return SmtpMail(
        settings.smtp_host,
        settings.smtp_port,
        settings.mail_from or f"chargekey@{settings.key_domain}",
        settings.smtp_user or None,
        Secret(settings.smtp_password.get_secret_value()) if settings.smtp_user else None,
    )
