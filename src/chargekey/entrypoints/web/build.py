"""Puts the pages together: a FastAPI application out of journeys and a few values."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Final

from fastapi import APIRouter, FastAPI
from starlette.staticfiles import StaticFiles

from chargekey.entrypoints.web import (
    routes_arriving,
    routes_car,
    routes_charging,
    routes_guide,
    routes_health,
    routes_key,
    trouble,
)
from chargekey.entrypoints.web.door import Door
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
    door = Door(site, journeys.sign_in, clock)
    doors = Doors(
        forms_lead_to=[origin(site.tesla_auth_url)],
        framed_by=origin(site.stage_url) if site.demo and site.stage_url else None,
        https=site.is_https,
    )
    for router in (
        routes_health.routes(is_ready),
        routes_arriving.routes(door, journeys, letters),
        routes_guide.routes(door, journeys),
        routes_key.routes(door, journeys, bus, notify),
        routes_charging.routes(door, journeys, bus, clock),
        routes_car.routes(door, journeys),
        *others,
    ):
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    trouble.install(app, door, clock, doors.headers())
    app.add_middleware(SecurityHeaders, doors=doors)
    return app
