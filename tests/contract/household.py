"""A driver with a grant and a car, as the store keeps them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from chargekey.adapters.store.store import KeptStore
from chargekey.adapters.store.vault import KeptVault
from chargekey.domain.vehicle import Vin
from chargekey.ports.people import Driver, Grant, Vehicle
from chargekey.ports.store import Store
from chargekey.ports.tesla import Tokens

SIX: Final = datetime(2024, 1, 10, 18, tzinfo=UTC)
EUROPE: Final = "https://eu.tesla.example"


def at(minutes: float) -> datetime:
    """So many minutes after six."""
    return SIX + timedelta(minutes=minutes)


@dataclass(frozen=True)
class Household:
    driver: Driver
    grant: Grant
    car: Vehicle


async def move_in(store: Store, email: str, *, vin: str) -> Household:
    """Sign in, consent, and list one car."""
    async with store.unit() as unit:
        driver = await unit.people.driver_for(email, "en", SIX)
        grant = await unit.garage.add_grant(driver.id, f"account of {email}", EUROPE, SIX)
        car = await unit.garage.add_vehicle(driver.id, grant.id, Vin(vin))
    return Household(driver, grant, car)


async def keep_tokens(vault: KeptVault, grant_id: int, tokens: Tokens, base_url: str) -> None:
    """Of an account that has just consented, and lives there."""
    async with KeptStore(vault._engine).unit() as unit:
        await unit.garage.keep_tokens(grant_id, vault.sealed(grant_id, tokens))
        await unit.garage.set_base_url(grant_id, base_url)
