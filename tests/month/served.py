"""The month with Chargekey: both sides real, over sockets, in one process; time is turned to whatever is due next."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Final

from chargekey.adapters.store.ring_file import KeptRing
from chargekey.adapters.store.vault import KeptVault
from chargekey.adapters.tesla.call_record import unrecorded
from chargekey.adapters.tesla.oauth import TeslaOAuth
from chargekey.domain.evidence import (
    ChoseVehicle,
    Fact,
    Handshake,
    KeyStatus,
    Listed,
    Observation,
    ScopesGranted,
    Source,
    Subject,
    SubjectKind,
)
from chargekey.domain.goal import ChargeGoal
from chargekey.domain.grant import ASKED
from chargekey.domain.tariff import DayAheadTariff
from chargekey.domain.vehicle import Access, Reach, Vin
from chargekey.entrypoints.cli.demo import CLIENT_ID
from chargekey.ground import tesla_oauth
from chargekey.journeys.daily_turn import next_turn
from chargekey.ports.charge_log import ChargeSettings
from chargekey.ports.jobs import Work
from tesla_simulator.telemetry.car_certificates import authority, certificate
from tesla_simulator.telemetry.lines import Line, Opened
from tests.month.lives import TARGET_PERCENT, Life
from tests.month.street import Street, buys_a_car, mail_of
from tests.stories.town import DOMAIN, Town

SHORTEST: Final = timedelta(seconds=20)
LONGEST: Final = timedelta(minutes=5)
TARIFF: Final = DayAheadTariff(125_000, 21)
"""The exchange's price, 12.5 ct for supplier and state, and VAT."""
A_STRANGER: Final = "5YJ3E7EA0KF004021"
PROBED_EVERY_S: Final = 0.02


def streaming_to(zmq: str, folder: Path, begins: datetime) -> dict[str, object]:
    """The settings with which cars are told to stream, and heard there."""
    ca = folder / "ca.pem"
    ca.write_text(certificate(authority("", begins)))
    return {"telemetry_zmq": zmq, "telemetry_host": f"stream.{DOMAIN}", "telemetry_ca": str(ca)}


async def move_in(town: Town, lives: Sequence[Life]) -> None:
    """As their way through the guide would have left them."""
    home = town.home
    oauth = tesla_oauth(home.settings, home.http, home.clock, unrecorded)
    vault = KeptVault(home.engine, KeptRing(home.settings.data_dir / "keyring.json"), oauth, home.clock)
    for number, life in enumerate(lives):
        await _moves_in(town, life, oauth, vault, town.now + number * timedelta(seconds=1))


async def _moves_in(town: Town, life: Life, oauth: TeslaOAuth, vault: KeptVault, tended_at: datetime) -> None:
    car, account, now = buys_a_car(town.world, life), town.world.accounts[mail_of(life)], town.now
    car.takes_key(town.home.key.public_bytes, DOMAIN)
    account.consents(CLIENT_ID, [scope.value for scope in ASKED])
    way_back, base_url = f"{town.url}/connect/callback", f"{town.tesla_url}/eu"
    tokens = await oauth.exchange(town.world.tokens.new_code(account, CLIENT_ID, way_back, "", "", "en-GB"))
    async with town.home.store.unit() as unit:
        driver = await unit.people.driver_for(mail_of(life), "en_GB", now)
        grant = await unit.garage.add_grant(driver.id, tokens.claims.account, base_url, now)
        vehicle = await unit.garage.add_vehicle(driver.id, grant.id, Vin(life.vin))
        of_vehicle = Subject(SubjectKind.VEHICLE, vehicle.id)
        facts: list[tuple[Subject, Fact]] = [
            (Subject(SubjectKind.GRANT, grant.id), ScopesGranted(frozenset(ASKED))),
            (Subject(SubjectKind.DRIVER, driver.id), ChoseVehicle(vehicle.id)),
            (of_vehicle, Listed(Access.OWNER, Reach.ONLINE, None, False, False)),
            (of_vehicle, KeyStatus(True, True, 3, car.record.firmware)),
            (of_vehicle, Handshake(proved=True)),
        ]
        await unit.evidence.append(Observation(about, fact, now, Source.TESLA) for about, fact in facts)
        goal = ChargeGoal(dict(enumerate(life.ready_by)), TARGET_PERCENT, 20, "Europe/Amsterdam")
        await unit.settings.save_settings(vehicle.id, ChargeSettings(goal, TARIFF, None), now)
        await unit.timers.set(Work.TEND_VEHICLE, vehicle.id, tended_at)
        await unit.timers.set(Work.STAY_CONNECTED, grant.id, next_turn(grant.id, now))
        await unit.garage.keep_tokens(grant.id, vault.sealed(grant.id, tokens))


@dataclass
class Hears:
    """What was published has been heard before more time passes."""

    town: Town

    def __post_init__(self) -> None:
        self._probes, self._said = count(), 0

    async def all_that_was_said(self) -> None:
        """A stranger's car connects, until that is heard; of two, the second came after all that was said before."""
        said = sum(of_month.get("signal", 0) for of_month in self.town.world.record.billed.values())
        if said == self._said:
            return
        self._said, ear = said, self.town.home.ear
        assert ear
        for _ in range(2):
            before = ear.heard
            while ear.heard == before:
                line = Line(A_STRANGER, "nobody", "stream.example.org", 443, "", sends_again=False)
                self.town.world.far_ends.lines.say(line, Opened(self.town.now, f"probe-{next(self._probes)}"))
                await asyncio.wait({asyncio.create_task(_a_turn())}, timeout=PROBED_EVERY_S)


async def _a_turn() -> None:
    await asyncio.to_thread(lambda: None)


async def live(town: Town, street: Street, until: datetime, hears: Hears | None) -> None:
    """Whatever is due, on either side, in its order."""
    due = await town.home.turn_clock(town.now)
    while town.now < until:
        moments = [until, town.now + LONGEST, street.next_at, max(due, town.now + SHORTEST) if due else None]
        moment = max(town.now, min(one for one in moments if one is not None))
        town.world.clock.turn_to(moment)
        street.let_happen(moment)
        town.world.settle_who_streams()
        if hears:
            await hears.all_that_was_said()
        due = await town.home.turn_clock(moment)
        town.world.calls.clear()  # so many drivers at once are no single one who asks too often; the bill counts
