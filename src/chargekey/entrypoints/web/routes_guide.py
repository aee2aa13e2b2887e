"""The first half of the guide: permissions at Tesla, and the choice of the car."""

from datetime import datetime

from fastapi import APIRouter, Depends, Request, Response

from chargekey.domain.causes.cause import Stage
from chargekey.domain.causes.remedies import Remedy
from chargekey.domain.diagnosis import Finding
from chargekey.domain.evidence import ConsentEnded, ScopesGranted
from chargekey.domain.grant import ASKED, missing
from chargekey.domain.journey import Step
from chargekey.domain.vehicle import KeyNeed
from chargekey.domain.waiting import may_work_at
from chargekey.entrypoints.web.door import Door, DriverPress, SignedIn
from chargekey.entrypoints.web.routes_owner import owner_came_back
from chargekey.entrypoints.web.screens.frame import Part
from chargekey.entrypoints.web.screens.guide import (
    CarChoice,
    ChooseCar,
    NotConsented,
    PermissionMissing,
    Permissions,
)
from chargekey.entrypoints.web.screens.stuck import Asked
from chargekey.entrypoints.web.showing_trouble import MOST_SUSPECTS, asked, to_do
from chargekey.entrypoints.web.site import Journeys
from chargekey.entrypoints.web.steps import PATHS, has_reached, trail
from chargekey.journeys.choose_vehicle import CarShown, NotYourVehicle
from chargekey.journeys.connect_account import Arrival
from chargekey.journeys.standing import Whereabouts
from chargekey.ports.faults import ConsentGone

GO_ON = frozenset({Arrival.CONNECTED, Arrival.SCOPE_MISSING, Arrival.ALREADY_HANDLED, Arrival.OTHER_ACCOUNT})
SHOWN_ARRIVALS = frozenset(Arrival) - GO_ON


def routes(door: Door, journeys: Journeys) -> APIRouter:
    """`/permissions`, `/connect/callback`, `/choose-car`."""
    router = APIRouter()
    _permissions(router, door, journeys)
    _missing(router, door, journeys)
    _callback(router, door, journeys)
    _choosing(router, door, journeys)
    return router


def _permissions(router: APIRouter, door: Door, journeys: Journeys) -> None:
    @router.get("/permissions")
    async def permissions(me: SignedIn = Depends(door.driver)) -> Response:
        """What we ask for, before Tesla asks the same."""
        here = await journeys.standings.of(me.driver.id)
        has_ended = here.grant_seen.is_later(ConsentEnded, than=ScopesGranted)
        known, again_at = await _known(journeys, me)
        at, host = trail(here, Part.PERMISSIONS), door.site.tesla_host
        return door.page(me.visitor, Permissions(at, host, has_ended, known, again_at, await _asked(journeys, me)))

    @router.post("/permissions")
    async def to_tesla(press: DriverPress = Depends(door.driver_press)) -> Response:
        """Off to Tesla's consent page."""
        me = press.me
        locale = me.visitor.place.replace("_", "-")
        url = await journeys.connect_account.set_out(me.session, me.driver.id, locale)
        return door.go(me.visitor, url)


def _missing(router: APIRouter, door: Door, journeys: Journeys) -> None:
    @router.get("/permissions/missing")
    async def permission_missing(me: SignedIn = Depends(door.driver)) -> Response:
        """Which permission is missing, and how to give it."""
        here = await journeys.standings.of(me.driver.id)
        granted = here.grant_seen.fact(ScopesGranted)
        if here.step is not Step.COMPLETE_PERMISSIONS or granted is None:
            return door.go(me.visitor, PATHS[here.step])
        known, again_at = await _known(journeys, me)
        screen = PermissionMissing(
            trail(here, Part.PERMISSIONS),
            missing(granted.scopes),
            tuple(scope for scope in ASKED if scope in granted.scopes),
            here.grant_seen.when(ScopesGranted),
            door.site.tesla_host,
            journeys.connect_account.portal_url,
            known,
            await _asked(journeys, me),
            again_at,
        )
        return door.page(me.visitor, screen)

    @router.post("/permissions/look-again")
    async def look_again(press: DriverPress = Depends(door.driver_press)) -> Response:
        """The driver changed it by hand at Tesla: read the scopes anew."""
        try:
            await journeys.connect_account.read_scopes_again(press.me.driver.id)
        except ConsentGone:
            return door.go(press.me.visitor, PATHS[Step.GRANT_PERMISSIONS])
        return door.go(press.me.visitor, "/go")


def _callback(router: APIRouter, door: Door, journeys: Journeys) -> None:
    @router.get("/connect/callback")
    async def come_back(request: Request) -> Response:
        """Back from Tesla. Always ends in a redirect, so that the code stays in no address bar."""
        if owner := await owner_came_back(door, journeys, request):
            return owner
        me = await door.driver(request)
        arrival = await journeys.connect_account.come_back(me.session, dict(request.query_params))
        if arrival in SHOWN_ARRIVALS:
            return door.go(me.visitor, f"/permissions/back/{arrival.value}")
        return door.go(me.visitor, "/go")

    @router.get("/permissions/back/{arrival}")
    async def not_consented(arrival: Arrival, me: SignedIn = Depends(door.driver)) -> Response:
        """The driver came back without a consent."""
        here = await journeys.standings.of(me.driver.id)
        if arrival not in SHOWN_ARRIVALS:
            return door.go(me.visitor, PATHS[here.step])
        known, again_at = await _known(journeys, me)
        screen = NotConsented(trail(here, Part.PERMISSIONS), arrival.value, known, again_at, await _asked(journeys, me))
        return door.page(me.visitor, screen)


def _choosing(router: APIRouter, door: Door, journeys: Journeys) -> None:
    async def shown(me: SignedIn, *, nothing_was_chosen: bool = False) -> Response:
        here = await journeys.standings.of(me.driver.id)
        if not has_reached(here, Step.CHOOSE_VEHICLE):
            return door.go(me.visitor, PATHS[here.step])
        screen = await _choice(journeys, me, here, nothing_was_chosen=nothing_was_chosen)
        return door.page(me.visitor, screen, status=422 if nothing_was_chosen else 200)

    @router.get("/choose-car")
    async def choose(me: SignedIn = Depends(door.driver)) -> Response:
        """Tesla's list of the account's cars."""
        return await shown(me)

    @router.post("/choose-car")
    async def chosen(press: DriverPress = Depends(door.driver_press)) -> Response:
        """This is the car. One that needs no key is told why."""
        me, number = press.me, press.fields.get("car", "")
        try:
            await journeys.choose_vehicle.choose(me.driver.id, _whole(number))
        except NotYourVehicle:
            return await shown(me, nothing_was_chosen=True)
        needs = await journeys.pair_vehicle.page(me.driver.id)
        return door.go(me.visitor, "/key/not-needed" if needs.need is KeyNeed.NOT_NEEDED else "/go")


async def _choice(journeys: Journeys, me: SignedIn, here: Whereabouts, *, nothing_was_chosen: bool) -> ChooseCar:
    """Tesla's list, and what stands in the way of choosing from it."""
    choice = await journeys.choose_vehicle.look(me.driver.id)
    trouble = await journeys.troubleshoot.shown(me.driver.id, failed=True)
    stuck = trouble.diagnosis if trouble.diagnosis.stage is Stage.CHOICE else None
    return ChooseCar(
        trail=trail(here, Part.CAR),
        cars=tuple(_shown(car) for car in choice.cars),
        chosen=choice.chosen,
        listed_at=choice.looked_at,
        signed_in_as=me.driver.email,
        tesla_is_down=choice.fault is not None,
        again_at=choice.again_at,
        nothing_was_chosen=nothing_was_chosen,
        places=stuck.places if stuck else (),
        suspects=stuck.suspects[:MOST_SUSPECTS] if stuck else (),
        todo=to_do([one for one in stuck.remedies if one is not Remedy.WAIT]) if stuck else (),
    )


def _shown(car: CarShown) -> CarChoice:
    listed = car.listed
    return CarChoice(car.vehicle.id, car.vehicle.vin, listed.display_name, listed.access, listed.reach, car.need)


async def _known(journeys: Journeys, me: SignedIn) -> tuple[tuple[Finding, ...], datetime | None]:
    """What is in the way of a consent besides pressing the button, and when pressing it may work; None: now."""
    trouble = await journeys.troubleshoot.shown(me.driver.id)
    if trouble.diagnosis.stage is not Stage.CONSENT:
        return (), None
    return trouble.diagnosis.present, may_work_at(trouble.diagnosis.present, trouble.file.case.now)


async def _asked(journeys: Journeys, me: SignedIn) -> Asked | None:
    """Why a trip to Tesla came to nothing: one question, or what may help; None where none did."""
    diagnosis = (await journeys.troubleshoot.shown(me.driver.id)).diagnosis
    return asked(diagnosis) if diagnosis.stage is Stage.CONSENT else None


def _whole(text: str) -> int:
    """A number of our own, 0 where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
