"""The car's page, and leaving."""

from fastapi import APIRouter, Depends, Response

from chargekey.domain.evidence import ChargeState, Handshake, KeyStatus, Listed, ScopesGranted
from chargekey.domain.journey import Proof, Step, need_of_key, proof_of_key
from chargekey.domain.tariff import DayAheadTariff, FlatTariff
from chargekey.domain.vehicle import Access, KeyNeed, Reach
from chargekey.entrypoints.web.door import Door, DriverPress, SignedIn
from chargekey.entrypoints.web.screens.car import Car, Disconnect, Receipt
from chargekey.entrypoints.web.site import Journeys
from chargekey.entrypoints.web.steps import PATHS, has_reached
from chargekey.journeys.standing import Whereabouts
from chargekey.ports.people import Driver, Vehicle


def routes(door: Door, journeys: Journeys) -> APIRouter:
    """`/car` and `/disconnect`."""
    router = APIRouter()
    _car(router, door, journeys)
    _leaving(router, door, journeys)
    return router


def _car(router: APIRouter, door: Door, journeys: Journeys) -> None:
    @router.get("/car")
    async def car(me: SignedIn = Depends(door.driver)) -> Response:
        """Everything known of the chosen car, each claim with its age."""
        here = await journeys.standings.of(me.driver.id)
        if here.vehicle is None or not has_reached(here, Step.SET_GOAL):
            return door.go(me.visitor, PATHS[here.step])
        key = await journeys.pair_vehicle.page(me.driver.id)
        screen = _screen(here, here.vehicle, me.driver, key.cars_in_account)
        zone = here.settings.goal.zone if here.settings else None
        return door.page(me.visitor, screen, zone=zone)


def _leaving(router: APIRouter, door: Door, journeys: Journeys) -> None:
    @router.get("/disconnect")
    async def confirm(me: SignedIn = Depends(door.driver)) -> Response:
        """What will be gone, before it is."""
        here = await journeys.standings.of(me.driver.id)
        if here.grant is None:
            return door.go(me.visitor, PATHS[here.step])
        vin = here.vehicle.vin if here.vehicle else None
        has_key = vin is not None and need_of_key(vin, here.vehicle_seen) is KeyNeed.ON_THE_CAR
        return door.page(me.visitor, Disconnect(vin, has_key))

    @router.post("/disconnect")
    async def leave(press: DriverPress = Depends(door.driver_press)) -> Response:
        """Erases our access and gives the receipt."""
        receipt = await journeys.disconnect.leave(press.me.driver.id)
        screen = Receipt(
            receipt.at,
            receipt.tokens_erased,
            tuple(car.vin for car in receipt.keys_left),
            receipt.revoke_url,
            door.site.domain,
        )
        return door.page(press.me.visitor, screen)


def _screen(here: Whereabouts, vehicle: Vehicle, driver: Driver, cars: int) -> Car:
    seen, settings = here.vehicle_seen, here.settings
    listed, charge, status = seen.fact(Listed), seen.fact(ChargeState), seen.fact(KeyStatus)
    granted, goal = here.grant_seen.fact(ScopesGranted), settings.goal if settings else None
    proof = proof_of_key(vehicle.vin, seen)
    return Car(
        vin=vehicle.vin,
        name=listed.display_name if listed else None,
        access=listed.access if listed else Access.UNKNOWN,
        reach=listed.reach if listed else Reach.UNKNOWN,
        listed_at=seen.when(Listed),
        need=need_of_key(vehicle.vin, seen),
        key_seen_at=seen.when(KeyStatus),
        proof=proof,
        proved_at=seen.when(Handshake) if proof is Proof.PROVED else None,
        soc_percent=charge.soc_percent if charge else None,
        limit_percent=charge.limit_percent if charge else None,
        plugged_in=charge.plugged_in if charge else None,
        charge_seen_at=seen.when(ChargeState),
        firmware=status.firmware if status else None,
        target_percent=goal.target_percent if goal else None,
        minimum_percent=goal.minimum_percent if goal else None,
        ready_by=tuple(goal.ready_by[day] for day in range(7)) if goal else (None,) * 7,
        tariff=_kind(settings.tariff) if settings else None,
        scopes=granted.scopes if granted else frozenset(),
        scopes_read_at=here.grant_seen.when(ScopesGranted),
        signed_in_as=driver.email,
        cars_in_account=cars,
    )


def _kind(tariff: object) -> str:
    return "flat" if isinstance(tariff, FlatTariff) else "day_ahead" if isinstance(tariff, DayAheadTariff) else "zones"
