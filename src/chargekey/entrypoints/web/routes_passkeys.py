"""Passkeys: signing in with one, and keeping those that one has.

What a script asks for comes as JSON; what it hands over is a form that it fills and sends, so that every answer is a
page with words of its own.
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Final

import structlog
from fastapi import APIRouter, Depends, Path, Request, Response

from chargekey.entrypoints.web.device import browser_named
from chargekey.entrypoints.web.door import Door, DriverPress, FormUnreadable, Press
from chargekey.entrypoints.web.routes_account import PATH as ACCOUNT
from chargekey.entrypoints.web.routes_account import account_page
from chargekey.entrypoints.web.screens.arriving import SignIn
from chargekey.entrypoints.web.site import Journeys
from chargekey.journeys.keep_passkeys import TooManyPasskeys
from chargekey.journeys.sign_in_with_passkey import TooManyRefused
from chargekey.ports.passkeys import NotProved, Registered, Signed

log = structlog.get_logger()
NO_CONTENT: Final = 204
FORBIDDEN: Final = 403
CONFLICT: Final = 409
UNPROCESSABLE: Final = 422
TOO_MANY_REQUESTS: Final = 429
NUMBER: Final = Path(ge=1, le=2**53)


def routes(door: Door, journeys: Journeys) -> APIRouter:
    """`/sign-in/passkey` and `/account/passkeys`."""
    router = APIRouter()
    _signing_in(router, door, journeys)
    _adding(router, door, journeys)
    _keeping(router, door, journeys)
    _offering(router, door, journeys)
    return router


def _signing_in(router: APIRouter, door: Door, journeys: Journeys) -> None:
    @router.post("/sign-in/passkey/ask")
    async def ask(press: Press = Depends(door.press)) -> Response:
        """For the script: what a passkey is to sign."""
        return _asked(await journeys.sign_in_with_passkey.ask(press.session))

    @router.post("/sign-in/passkey")
    async def sign_in(request: Request, press: Press = Depends(door.press)) -> Response:
        """What a passkey signed. Whatever is wrong with it, the page says the same."""
        signed = _signed(press.fields)
        client, named = request.client.host if request.client else "", browser_named(request.headers)
        try:
            visit = await journeys.sign_in_with_passkey.answer(signed, press.session, client, named)
        except NotProved as why:
            log.info("a passkey was not taken", why=str(why))
            return door.page(press.visitor, SignIn(is_passkey_refused=True), status=FORBIDDEN)
        except TooManyRefused:
            return door.page(press.visitor, SignIn(are_passkeys_paused=True), status=TOO_MANY_REQUESTS)
        return door.hand_over(visit, press.visitor, "/go")


def _adding(router: APIRouter, door: Door, journeys: Journeys) -> None:
    @router.post(f"{ACCOUNT}/passkeys/ask")
    async def ask(press: DriverPress = Depends(door.driver_press)) -> Response:
        """For the script: what a passkey is to be made for."""
        try:
            return _asked(await journeys.keep_passkeys.ask(press.me.driver, press.me.session))
        except TooManyPasskeys:
            return Response(status_code=CONFLICT)

    @router.post(f"{ACCOUNT}/passkeys")
    async def add(request: Request, press: DriverPress = Depends(door.driver_press)) -> Response:
        """What the browser made."""
        me, named = press.me, browser_named(request.headers)
        try:
            await journeys.keep_passkeys.add(me.driver, me.session, _registered(press.fields), named)
        except NotProved as why:
            log.info("a passkey was not added", why=str(why))
            return door.page(me.visitor, await account_page(journeys, me, is_not_added=True), status=UNPROCESSABLE)
        except TooManyPasskeys:
            return door.page(me.visitor, await account_page(journeys, me), status=CONFLICT)
        return door.go(me.visitor, ACCOUNT)


def _keeping(router: APIRouter, door: Door, journeys: Journeys) -> None:
    @router.post(f"{ACCOUNT}/passkeys/{{passkey_id}}/name")
    async def rename(passkey_id: int = NUMBER, press: DriverPress = Depends(door.driver_press)) -> Response:
        """He calls it otherwise."""
        await journeys.keep_passkeys.rename(press.me.driver.id, passkey_id, press.fields.get("name", ""))
        return door.go(press.me.visitor, ACCOUNT)

    @router.post(f"{ACCOUNT}/passkeys/{{passkey_id}}/remove")
    async def remove(passkey_id: int = NUMBER, press: DriverPress = Depends(door.driver_press)) -> Response:
        """It signs nobody in any more, and whom it let in elsewhere is out."""
        await journeys.keep_passkeys.remove(press.me.driver.id, passkey_id, press.me.session)
        return door.go(press.me.visitor, ACCOUNT)


def _offering(router: APIRouter, door: Door, journeys: Journeys) -> None:
    @router.post(f"{ACCOUNT}/passkeys/offer/seen")
    async def seen(press: DriverPress = Depends(door.driver_press)) -> Response:
        """For the script: the offer was shown, so this was the one time."""
        await journeys.keep_passkeys.was_offered(press.me.driver.id)
        return Response(status_code=NO_CONTENT)

    @router.post(f"{ACCOUNT}/passkeys/offer/not-now")
    async def not_now(press: DriverPress = Depends(door.driver_press)) -> Response:
        """For the script: he pressed it away."""
        await journeys.keep_passkeys.not_now(press.me.driver.id, press.me.session)
        return Response(status_code=NO_CONTENT)


def _asked(options: str) -> Response:
    return Response(options, media_type="application/json")


def _signed(fields: Mapping[str, str]) -> Signed:
    names = ("credential", "client_data", "authenticator_data", "signature", "user_handle")
    return Signed(*(_bytes(fields, name) for name in names))


def _registered(fields: Mapping[str, str]) -> Registered:
    transports = tuple(fields.get("transports", "").split(","))
    return Registered(_bytes(fields, "client_data"), _bytes(fields, "attestation"), transports)


def _bytes(fields: Mapping[str, str], name: str) -> bytes:
    """Base64url without padding, as the standard writes bytes. Raises `FormUnreadable`."""
    text = fields.get(name, "")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as unreadable:
        raise FormUnreadable from unreadable
