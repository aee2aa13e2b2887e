"""Many drivers at once, put into the store and into Tesla as their way through the guide would have left them."""

from datetime import datetime, time, timedelta
from typing import Final

from chargekey.adapters.store.ring_file import KeptRing
from chargekey.adapters.store.vault import KeptVault
from chargekey.adapters.tesla.call_record import unrecorded
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
)
from chargekey.domain.goal import ChargeGoal
from chargekey.domain.grant import ASKED
from chargekey.domain.tariff import DayAheadTariff
from chargekey.domain.vehicle import Access, Reach, Vin
from chargekey.entrypoints.cli.demo import CLIENT_ID
from chargekey.ground import tesla_oauth
from chargekey.journeys.daily_turn import next_turn
from chargekey.journeys.standing import about_driver, about_grant, about_vehicle
from chargekey.ports.charge_log import ChargeSettings
from chargekey.ports.jobs import Work
from chargekey.ports.tesla import Tokens
from tesla_simulator.cars.car import Car
from tests.stories.town import DOMAIN, Town

PLAN: Final = ChargeSettings(
    ChargeGoal(dict.fromkeys(range(7), time(7)), 80, 20, "Europe/Amsterdam"), DayAheadTariff(125_000, 21), None
)
COME_APART: Final = timedelta(seconds=1)
"""They did not all plug in at the same moment."""


def vin_of(number: int) -> str:
    """A Model 3 of 2022; no two numbers share one."""
    return f"LRW3E7EK0NC{number:06d}"


class Door:
    """Lets drivers in as their way through the guide would have left them: all allowed, the key proved, planned."""

    def __init__(self, town: Town) -> None:
        home = town.home
        self._town = town
        self._oauth = tesla_oauth(home.settings, home.http, home.clock, unrecorded)
        self._vault = KeptVault(home.engine, KeptRing(home.settings.data_dir / "keyring.json"), self._oauth, home.clock)

    async def lets_in(self, email: str, car: Car, settings: ChargeSettings, tended_at: datetime) -> None:
        """Whoever has this car, and an account at Tesla. `tended_at`: when the car is first seen to."""
        town, now = self._town, self._town.now
        car.takes_key(town.home.key.public_bytes, DOMAIN)
        tokens = await self._consents(email)
        async with town.home.store.unit() as unit:
            driver = await unit.people.driver_for(email, "en_GB", now)
            grant = await unit.garage.add_grant(driver.id, tokens.claims.account, f"{town.tesla_url}/eu", now)
            vehicle = await unit.garage.add_vehicle(driver.id, grant.id, Vin(car.vin))
            facts = _seen_on_the_way(driver.id, grant.id, vehicle.id, car.record.firmware)
            await unit.evidence.append(Observation(about, fact, now, Source.TESLA) for about, fact in facts)
            await unit.settings.save_settings(vehicle.id, settings, now)
            await unit.timers.set(Work.TEND_VEHICLE, vehicle.id, tended_at)
            await unit.timers.set(Work.STAY_CONNECTED, grant.id, next_turn(grant.id, now))
            await unit.garage.keep_tokens(grant.id, self._vault.sealed(grant.id, tokens))

    async def _consents(self, email: str) -> Tokens:
        town = self._town
        account, way_back = town.world.accounts[email], f"{town.url}/connect/callback"
        account.consents(CLIENT_ID, [scope.value for scope in ASKED])
        return await self._oauth.exchange(town.world.tokens.new_code(account, CLIENT_ID, way_back, "", "", "en-GB"))


def _seen_on_the_way(driver_id: int, grant_id: int, vehicle_id: int, firmware: str) -> list[tuple[Subject, Fact]]:
    vehicle = about_vehicle(vehicle_id)
    return [
        (about_grant(grant_id), ScopesGranted(frozenset(ASKED))),
        (about_driver(driver_id), ChoseVehicle(vehicle_id)),
        (vehicle, Listed(Access.OWNER, Reach.ONLINE, None, in_service=False, mobile_access_off=False)),
        (vehicle, KeyStatus(paired=True, must_sign=True, keys_on_car=3, firmware=firmware)),
        (vehicle, Handshake(proved=True)),
    ]


async def move_in(town: Town, count: int) -> None:
    """So many drivers with a paired car each, plugged in and planned."""
    door = Door(town)
    for number in range(count):
        email = f"driver{number}@street.example"
        town.world.somebody_opens_an_account(email)
        car = town.world.somebody_buys_a_car(vin_of(number), f"Car {number}", 57.5, 42, email)
        car.plugs_in()
        await door.lets_in(email, car, PLAN, town.now + number * COME_APART)
