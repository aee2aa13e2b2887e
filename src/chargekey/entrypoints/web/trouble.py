"""The outermost edge: what a driver sees when something could not be done, and the one place that catches bugs.

A bug is logged whole under a number that the page shows; nothing else of it leaves the house.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from chargekey.entrypoints.api import surplus
from chargekey.entrypoints.web.door import Door, FormUnreadable, NotSignedIn, OpenTooLong, Visitor, is_phone
from chargekey.entrypoints.web.limits import BAD_REQUEST, HEAD_TOO_LARGE, TOO_LARGE
from chargekey.entrypoints.web.pages import Screen
from chargekey.entrypoints.web.routes_operator import OurSideShut, not_ready
from chargekey.entrypoints.web.screens.trouble import (
    NotFound,
    NotUnderstood,
    OurMistake,
    TeslaFails,
)
from chargekey.entrypoints.web.screens.trouble import OpenTooLong as OpenTooLongScreen
from chargekey.entrypoints.web.words import place_for
from chargekey.journeys.pair_vehicle import NoVehicleChosen
from chargekey.journeys.plan_charge import NotSetUp
from chargekey.ports.clock import Clock
from chargekey.ports.faults import ConsentGone, Fault, VehicleGone

log = structlog.get_logger()
LIVE: Final = "/live"
NO_CONTENT: Final = 204


def install(app: FastAPI, door: Door, clock: Clock, headers: Mapping[str, str]) -> None:
    """Set the pages for each kind of trouble. `headers`: for the page of a bug, which is made outside of all else."""
    _expected(app, door)
    _of_the_world(app, door, clock)

    @app.exception_handler(Exception)
    async def our_mistake(request: Request, bug: Exception) -> Response:
        now = clock.now()
        number = _number(now)
        log.error("our mistake", number=number, method=request.method, path=request.url.path, exc_info=bug)
        retry_path = request.url.path if request.method == "GET" else None
        answer = _page(door, request, OurMistake(number, now, retry_path, False), 500)
        answer.headers.update({**headers, "Cache-Control": "no-store"})
        return answer


def _expected(app: FastAPI, door: Door) -> None:
    @app.exception_handler(NotSignedIn)
    async def not_signed_in(request: Request, _: NotSignedIn) -> Response:
        if request.url.path.endswith(LIVE):
            return Response(status_code=NO_CONTENT)  # an open page keeps what it shows
        return door.go(_stranger(request), "/sign-in")

    @app.exception_handler(OpenTooLong)
    async def open_too_long(request: Request, trouble: OpenTooLong) -> Response:
        return _page(door, request, OpenTooLongScreen(trouble.back_path), 403)

    @app.exception_handler(FormUnreadable)
    async def form_unreadable(request: Request, _: FormUnreadable) -> Response:
        return _page(door, request, NotUnderstood(), 400)

    @app.exception_handler(RequestValidationError)
    async def not_understood(request: Request, _: RequestValidationError) -> Response:
        return _page(door, request, NotFound(), 404)

    @app.exception_handler(HTTPException)
    async def no_such_page(request: Request, trouble: HTTPException) -> Response:
        answer = refused(door, request, trouble.status_code)
        answer.headers.update(trouble.headers or {})
        return answer


def _of_the_world(app: FastAPI, door: Door, clock: Clock) -> None:
    @app.exception_handler(Fault)
    async def tesla_fails(request: Request, fault: Fault) -> Response:
        log.info("a page met a fault", fault=type(fault).__name__, detail=fault.detail, path=request.url.path)
        if isinstance(fault, ConsentGone | VehicleGone):
            return door.go(_stranger(request), "/go")
        back_path = request.url.path if request.method == "GET" else "/go"
        return _page(door, request, TeslaFails(back_path, fault.detail[:40], clock.now()), 503)

    @app.exception_handler(OurSideShut)
    async def our_side_shut(_: Request, trouble: OurSideShut) -> Response:
        return door.page(trouble.me.visitor, not_ready(door, trouble.me, trouble.shut), status=503)

    @app.exception_handler(NoVehicleChosen)
    @app.exception_handler(NotSetUp)
    async def elsewhere(request: Request, _: Exception) -> Response:
        return door.go(_stranger(request), "/go")


def refused(door: Door, request: Request, status: int) -> Response:
    """A page for a request that no route of ours has taken, or will; for a program at its door, a sentence."""
    if request.url.path == surplus.PATH:
        return surplus.says_wrong(status)
    screen = NotUnderstood() if status in (BAD_REQUEST, TOO_LARGE, HEAD_TOO_LARGE) else NotFound()
    return _page(door, request, screen, status)


def _page(door: Door, request: Request, screen: Screen, status: int) -> Response:
    """Rendered without asking the store who this is: it may be what failed."""
    answer = door.page(_stranger(request), screen, status=status)
    if request.headers.get("hx-request"):
        answer.headers["HX-Reswap"] = "none"  # an open page keeps what it shows
    return answer


def _stranger(request: Request) -> Visitor:
    place = place_for(request.headers.get("accept-language", ""))
    return Visitor(None, None, None, place, is_phone(request.headers))


def _number(now: datetime) -> str:
    return f"E-{now:%Y%m%d-%H%M}-{secrets.token_hex(1).upper()}"
