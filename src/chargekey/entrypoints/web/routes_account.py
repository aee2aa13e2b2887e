"""One's account here: who is signed in, by which ways, and which devices are told."""

from typing import Final

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import JSONResponse

from chargekey.domain.passkey import MOST_OF_ONE_DRIVER
from chargekey.domain.secret import Secret
from chargekey.entrypoints.web.device import browser_named
from chargekey.entrypoints.web.door import Door, DriverPress, FormUnreadable, SignedIn
from chargekey.entrypoints.web.screens.account import Account, Browser, KeptPasskey, ToldDevice
from chargekey.entrypoints.web.site import Journeys
from chargekey.journeys.tell_devices import NotTrusted
from chargekey.ports.people import SignedInBrowser
from chargekey.ports.push import Subscription

PATH: Final = "/account"
NO_CONTENT: Final = 204
UNPROCESSABLE: Final = 422
NUMBER: Final = Path(ge=1, le=2**53)
SESSION: Final = Path(ge=1, le=2**53)
"""One of its own: FastAPI writes the name of the parameter into it."""


def routes(door: Door, journeys: Journeys) -> APIRouter:
    """`/account`, and what the script of a page that waits asks and says there."""
    router = APIRouter(prefix=PATH)
    _account(router, door, journeys)
    _this_device(router, door, journeys)
    _browsers(router, door, journeys)
    return router


async def account_page(journeys: Journeys, me: SignedIn, *, is_not_added: bool = False) -> Account:
    """`is_not_added`: a passkey was to be added, and was none."""
    told = await journeys.tell_devices.told(me.driver.id)
    ways = await journeys.sign_in.ways_in(me.driver.id)
    return Account(
        me.driver.email,
        tuple(ToldDevice(one.id, one.named, one.since, one.session_id == me.session.id) for one in told),
        tuple(KeptPasskey(one.id, one.named, one.added_at, one.used_at, one.made.is_synced) for one in ways.passkeys),
        tuple(_browser(one, me) for one in ways.browsers),
        is_full=len(ways.passkeys) >= MOST_OF_ONE_DRIVER,
        is_not_added=is_not_added,
    )


def _browser(one: SignedInBrowser, me: SignedIn) -> Browser:
    return Browser(one.id, one.named, one.last_seen_at, one.by_passkey, one.id == me.session.id)


def _account(router: APIRouter, door: Door, journeys: Journeys) -> None:
    @router.get("")
    async def account(me: SignedIn = Depends(door.driver)) -> Response:
        """Who is signed in, each passkey of his, and each device that is told."""
        return door.page(me.visitor, await account_page(journeys, me))

    @router.post("/devices/{device_id}/end")
    async def end(device_id: int = NUMBER, press: DriverPress = Depends(door.driver_press)) -> Response:
        """That device is told no more."""
        await journeys.tell_devices.end(press.me.driver.id, device_id)
        return door.go(press.me.visitor, PATH)


def _browsers(router: APIRouter, door: Door, journeys: Journeys) -> None:
    @router.post("/browsers/{session_id}/end")
    async def end_one(session_id: int = SESSION, press: DriverPress = Depends(door.driver_press)) -> Response:
        """That browser forgets him."""
        await journeys.sign_in.end_browser(press.me.driver.id, session_id)
        return door.go(press.me.visitor, PATH)

    @router.post("/browsers/end-others")
    async def end_others(press: DriverPress = Depends(door.driver_press)) -> Response:
        """Every browser but this one forgets him."""
        await journeys.sign_in.end_others(press.me.driver.id, press.me.session)
        return door.go(press.me.visitor, PATH)


def _this_device(router: APIRouter, door: Door, journeys: Journeys) -> None:
    @router.get("/devices/here")
    async def here(me: SignedIn = Depends(door.driver)) -> Response:
        """For the script: whether this browser is told, and with which key it would be."""
        told = await journeys.tell_devices.here(me.driver.id, me.session)
        return JSONResponse({"told": told.is_told, "key": told.public_key})

    @router.post("/devices")
    async def begin(request: Request, press: DriverPress = Depends(door.driver_press)) -> Response:
        """What the browser was given by its vendor, when the driver agreed."""
        try:
            given = [Secret(press.fields[name]) for name in ("endpoint", "p256dh", "auth")]
        except KeyError as missing:
            raise FormUnreadable from missing
        me, named = press.me, browser_named(request.headers)
        try:
            await journeys.tell_devices.begin(me.driver.id, me.session, Subscription(*given), named)
        except NotTrusted:
            return Response(status_code=UNPROCESSABLE)
        return Response(status_code=NO_CONTENT)
