"""Many drivers at once, put into the store and into Tesla as their way through the guide would have left them."""

from datetime import time, timedelta
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
from tests.stories.town import DOMAIN, Town

PLAN: Final = ChargeSettings(
    ChargeGoal(dict.fromkeys(range(7), time(7)), 80, 20, "Europe/Amsterdam"), DayAheadTariff(125_000, 21), None
)
COME_APART: Final = timedelta(seconds=1)
"""They did not all plug in at the same moment."""


def vin_of(number: int) -> str:
    """A Model 3 of 2022; no two numbers share one."""
    return f"LRW3E7EK0NC{number:06d}"


async def move_in(town: Town, count: int) -> None:
    """So many drivers with a paired car each, plugged in and planned."""
    home = town.home
    oauth = tesla_oauth(home.settings, home.http, home.clock, unrecorded)
    vault = KeptVault(home.engine, KeptRing(home.settings.data_dir / "keyring.json"), oauth, home.clock)
    for number in range(count):
        await _moves_in(town, number, oauth, vault)


async def _moves_in(town: Town, number: int, oauth: TeslaOAuth, vault: KeptVault) -> None:
    email, vin, now = f"driver{number}@street.example", vin_of(number), town.now
    account = town.world.somebody_opens_an_account(email)
    car = town.world.somebody_buys_a_car(vin, f"Car {number}", 57.5, 42, email)
    car.takes_key(town.home.key.public_bytes, DOMAIN)
    car.plugs_in()
    account.consents(CLIENT_ID, [scope.value for scope in ASKED])
    way_back, base_url = f"{town.url}/connect/callback", f"{town.tesla_url}/eu"
    tokens = await oauth.exchange(town.world.tokens.new_code(account, CLIENT_ID, way_back, "", "", "en-GB"))
    async with town.home.store.unit() as unit:
        driver = await unit.people.driver_for(email, "en_GB", now)
        grant = await unit.garage.add_grant(driver.id, tokens.claims.account, base_url, now)
        vehicle = await unit.garage.add_vehicle(driver.id, grant.id, Vin(vin))
        of_vehicle = Subject(SubjectKind.VEHICLE, vehicle.id)
        facts: list[tuple[Subject, Fact]] = [
            (Subject(SubjectKind.GRANT, grant.id), ScopesGranted(frozenset(ASKED))),
            (Subject(SubjectKind.DRIVER, driver.id), ChoseVehicle(vehicle.id)),
            (of_vehicle, Listed(Access.OWNER, Reach.ONLINE, None, False, False)),
            (of_vehicle, KeyStatus(True, True, 3, None)),
            (of_vehicle, Handshake(proved=True)),
        ]
        await unit.evidence.append(Observation(about, fact, now, Source.TESLA) for about, fact in facts)
        await unit.settings.save_settings(vehicle.id, PLAN, now)
        await unit.timers.set(Work.TEND_VEHICLE, vehicle.id, now + number * COME_APART)
        await unit.timers.set(Work.STAY_CONNECTED, grant.id, next_turn(grant.id, now))
        await unit.garage.keep_tokens(grant.id, vault.sealed(grant.id, tokens))
