"""Reading an account's cars: Tesla's list and fleet status, both free, written down at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from chargekey.domain.evidence import KeyStatus, Listed, NotListed, Observation, Source
from chargekey.domain.findings import AccountAnswered
from chargekey.domain.vehicle import Vin
from chargekey.journeys.lasting_faults import told_of_account
from chargekey.journeys.standing import about_grant, about_vehicle
from chargekey.ports.clock import Clock
from chargekey.ports.faults import Fault
from chargekey.ports.people import Grant, Vehicle
from chargekey.ports.store import Store
from chargekey.ports.tesla import Answer, TeslaVehicles


def told_of_cars(
    cars: Sequence[Vehicle], listing: Answer[Sequence[tuple[Vin, Listed]]], now: datetime
) -> list[Observation]:
    """What the whole list says of these cars: one that is not in it is gone from the account."""
    listed = dict(listing.value)
    return [
        Observation(about_vehicle(car.id), listed.get(car.vin, NotListed()), now, Source.TESLA, listing.request_id)
        for car in cars
    ]


async def read_account(store: Store, clock: Clock, vehicles: TeslaVehicles, grant: Grant) -> None:
    """Every car that is listed, its key, and every car that no longer is. Raises any `Fault`."""
    try:
        listing = await vehicles.listing(grant.id)
    except Fault as fault:
        async with store.unit() as unit:
            await unit.evidence.append(told_of_account(fault, grant.id, clock.now()))
        raise
    vins = [vin for vin, _ in listing.value]
    keys: Answer[Mapping[Vin, KeyStatus]] = Answer({}, None)
    if vins:
        keys = await vehicles.key_statuses(grant.id, vins)
    now = clock.now()
    async with store.unit() as unit:
        answered = AccountAnswered(len(vins))
        news = [Observation(about_grant(grant.id), answered, now, Source.TESLA, listing.request_id)]
        for vin, listed in listing.value:
            vehicle = await unit.garage.add_vehicle(grant.driver_id, grant.id, vin)
            about = about_vehicle(vehicle.id)
            news.append(Observation(about, listed, now, Source.TESLA, listing.request_id))
            if vin in keys.value:
                news.append(Observation(about, keys.value[vin], now, Source.TESLA, keys.request_id))
        gone = [known for known in await unit.garage.vehicles_of(grant.id) if known.vin not in vins]
        news += told_of_cars(gone, listing, now)
        await unit.evidence.append(news)
