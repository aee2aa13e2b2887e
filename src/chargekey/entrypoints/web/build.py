"""Puts the pages together: a FastAPI application out of journeys and a few values."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Depends, FastAPI
from starlette.staticfiles import StaticFiles

from chargekey.entrypoints.web import (
    routes_account,
    routes_arriving,
    routes_car,
    routes_charging,
    routes_console,
    routes_days,
    routes_guide,
    routes_health,
    routes_help,
    routes_key,
    routes_leaving,
    routes_not_my_car,
    routes_operator,
    routes_other_account,
    routes_owner,
    routes_passkeys,
    routes_span,
    routes_stuck,
    routes_surplus,
    trouble,
)
from chargekey.entrypoints.web.around import looks_around
from chargekey.entrypoints.web.door import Door
from chargekey.entrypoints.web.limits import Limits
from chargekey.entrypoints.web.routes_health import Ready
from chargekey.entrypoints.web.security import Doors, SecurityHeaders
from chargekey.entrypoints.web.site import Journeys, Site, origin
from chargekey.ports.bus import Bus
from chargekey.ports.clock import Clock
from chargekey.ports.notify import Letters, Notify

STATIC: Final = Path(__file__).parent / "static"
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def build(
    site: Site,
    journeys: Journeys,
    *,
    clock: Clock,
    bus: Bus,
    notify: Notify,
    is_ready: Ready,
    letters: Letters | None = None,
    others: Sequence[APIRouter] = (),
    lifespan: Lifespan | None = None,
) -> FastAPI:
    """The whole web side. `others`: routers of other entrypoints that live under the same address.

    `letters` is the demo's mail, None elsewhere. The schema is not served; tests ask `app.openapi()` for it.
    """
    app = FastAPI(title=site.operator, docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    door = Door(site, journeys.sign_in, clock, looks_around(journeys))
    doors = Doors(
        forms_lead_to=[origin(site.tesla_auth_url)],
        framed_by=origin(site.stage_url) if site.demo and site.stage_url else None,
        https=site.is_https and not site.demo,  # a browser that remembered it would hold it against all of this machine
    )
    guarded = routes_operator.guard(door, journeys)
    for router in (
        routes_health.routes(is_ready),
        *(one.routes(door, journeys, bus) for one in (routes_help, routes_console)),
        routes_arriving.routes(door, journeys, letters),
        *(one.routes(door, journeys) for one in (routes_guide, routes_other_account, routes_account, routes_passkeys)),
        routes_key.routes(door, journeys, bus, notify),
        routes_not_my_car.routes(door, journeys, bus, notify, clock),
        *(one.routes(door, journeys, bus) for one in (routes_owner, routes_stuck)),
        routes_charging.routes(door, journeys, bus, clock),
        *(one.routes(door, journeys, clock) for one in (routes_days, routes_surplus, routes_span)),
        routes_car.routes(door, journeys, bus, clock),
        routes_leaving.routes(door, journeys, clock, notify),
        routes_operator.routes(door, journeys, bus),
        *others,
    ):
        app.include_router(router, dependencies=[Depends(guarded)])
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    trouble.install(app, door, clock, doors.headers())
    _wall(app, door, doors)
    return app


def _wall(app: FastAPI, door: Door, doors: Doors) -> None:
    """What holds for every route, also for one that is added tomorrow."""
    app.router.redirect_slashes = False  # it would answer with an address made of the Host header
    app.add_middleware(Limits, refuse=partial(trouble.refused, door))
    app.add_middleware(SecurityHeaders, doors=doors)  # the last one added stands outermost
