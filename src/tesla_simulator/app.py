"""All of Tesla's sites in one application, and the rooms from which the world is played."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.routing import BaseRoute, Host, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from tesla_simulator.auth.endpoint import TokenEndpoint
from tesla_simulator.auth.pages import AuthPages
from tesla_simulator.cars.watching import BUCKET
from tesla_simulator.control import MISSPOKEN, Control
from tesla_simulator.doors import Doors
from tesla_simulator.fleet_api.site import fleet_api
from tesla_simulator.internet_site import internet_route
from tesla_simulator.pages.rendering import STATIC_PATH, static_files
from tesla_simulator.pages.routes import ak_routes, routes
from tesla_simulator.push_vendor import push_route
from tesla_simulator.sites import CHINA, HOSTS, REGIONS
from tesla_simulator.state import StateFile
from tesla_simulator.world import World

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})


def build(world: World, state: StateFile | None = None, chargekey_url: str = "http://localhost:8700") -> ASGIApp:
    """`state` None keeps nothing. To be served by uvicorn: see `doors`."""
    kept_in = state or StateFile()
    static = Mount(STATIC_PATH, static_files())
    tokens = TokenEndpoint(world)
    sites: dict[str, ASGIApp] = {
        "/auth": Starlette(routes=[*AuthPages(world).routes(), *tokens.token_route(), static]),
        "/fleet-auth": Starlette(routes=tokens.routes()),
        "/tesla": Starlette(routes=[*ak_routes(world, chargekey_url), static], middleware=[_guarded(*HOSTS["/tesla"])]),
        **{f"/{region}": fleet_api(world, region) for region in (*REGIONS, CHINA)},
    }
    by_host: list[BaseRoute] = [Host(host, sites[prefix]) for prefix, hosts in HOSTS.items() for host in hosts]
    by_path: list[BaseRoute] = [Mount(prefix, site) for prefix, site in sites.items()]
    here: list[Route] = [
        Route("/", lambda _: RedirectResponse("/stage"), methods=["GET"]),
        *routes(world, chargekey_url),
        *Control(world).routes(),
        internet_route(world),
        push_route(world.push_vendor),
    ]
    local = Mount("/", routes=[*by_path, *here, static], middleware=[_guarded()])

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        world.far_ends.open()
        world.settle()
        kept_in.keep(world)
        going = [asyncio.create_task(world.greet_followers()), asyncio.create_task(_cars_live_on(world))]
        yield
        for one in going:
            one.cancel()
            with suppress(asyncio.CancelledError):
                await one
        kept_in.keep(world)
        await world.far_ends.close()

    root = Starlette(routes=[*by_host, local], lifespan=lifespan, exception_handlers=dict(MISSPOKEN))
    return Doors(root, world, kept_in)


async def _cars_live_on(world: World) -> None:
    """Cars that stream do so when their buckets end, whether anybody looks or not."""
    while True:
        await asyncio.sleep(BUCKET.total_seconds())
        world.settle_who_streams()


def pages_beyond(world: World, state: StateFile, chargekey_url: str, *names: str) -> ASGIApp:
    """What a phone in the same network is shown, under `names`: what a driver sees, and the stage. None of the rest."""
    static = Mount(STATIC_PATH, static_files())
    sites = [
        Mount("/auth", routes=[*AuthPages(world).routes(), static]),
        Mount("/tesla", routes=[*ak_routes(world, chargekey_url), static]),
    ]
    here = [Route("/", lambda _: RedirectResponse("/stage"), methods=["GET"]), *routes(world, chargekey_url)]
    guard = Middleware(OnlyFromHere, names=frozenset(names))
    return Doors(Starlette(routes=[*sites, *here, static], middleware=[guard]), world, state)


def _guarded(*names: str) -> Middleware:
    """Pages whose forms change the world; `names` beside those of this machine."""
    return Middleware(OnlyFromHere, names=_LOOPBACK | set(names))


class OnlyFromHere:
    """Lets in who calls this machine by one of its names, and no form or script of another origin."""

    def __init__(self, app: ASGIApp, names: frozenset[str]) -> None:
        self._app, self._names = app, names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = HTTPConnection(scope).headers
        host = headers.get("host", "")
        name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        origin = headers.get("origin")
        if name not in self._names:
            await PlainTextResponse("this world is played on localhost only", 403)(scope, receive, send)
        elif scope["method"] not in ("GET", "HEAD") and origin is not None and urlsplit(origin).netloc != host:
            await PlainTextResponse("not from another origin", 403)(scope, receive, send)
        else:
            await self._app(scope, receive, send)
