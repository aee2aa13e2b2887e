"""A small world with its pages, for tests: served in process, no clock that runs, no follower but on demand."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx2
import uvicorn
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from tesla_simulator.app_screens import Shows
from tesla_simulator.clock import TurnedClock
from tesla_simulator.internet import WELL_KNOWN_KEY
from tesla_simulator.pages.rendering import STATIC_PATH, static_files
from tesla_simulator.pages.routes import ak_routes, routes
from tesla_simulator.portal import Registration
from tesla_simulator.sites import Sites
from tesla_simulator.world import World

CHARGEKEY = "http://localhost:8700/"
DOMAIN = "charge.nordlicht.example"
CLIENT_ID = "chargekey"
OUR_KEY = bytes.fromhex("04" + "11" * 64)
MILA = "mila@example.com"
BLUE, RED, OLD = "5YJ3E7EB5NF124F21", "5YJYGDEE5NF1277C0", "5YJSA1E27JF2581B3"
EVENING = datetime(2026, 11, 26, 19, 58, tzinfo=UTC)


def a_world(now: datetime = EVENING, followers: tuple[str, ...] = ()) -> World:
    """Mila with three cars, who lets Chargekey look; nothing is paired."""
    world = World(TurnedClock(timedelta(0), lambda: now), Sites("http://localhost:8701"), followers=followers)
    scopes = ["openid", "offline_access", "vehicle_device_data", "vehicle_cmds", "vehicle_charging_cmds"]
    back = ["http://localhost:8700/callback"]
    world.developer_registers_app(CLIENT_ID, "secret", "Chargekey", back, [f"https://{DOMAIN}"], scopes)
    mila = world.somebody_opens_an_account(MILA)
    for vin, soc_percent in ((BLUE, 42), (RED, 71), (OLD, 55)):
        world.somebody_buys_a_car(vin, "Car", 60, soc_percent, owner=mila.email)
    mila.consents(CLIENT_ID, scopes)
    world.record.portal.registrations.append(Registration(CLIENT_ID, "eu", DOMAIN, OUR_KEY.hex(), now, now))
    world.phone.signs_in(mila.email)
    return world


def asks(world: World, shows: Shows = Shows.PROMPT, vin: str = BLUE) -> None:
    """Put something on the phone's screen, as if a link had been opened."""
    record = world.phone.record
    record.shows, record.domain, record.asked_vin = shows, DOMAIN, vin


@dataclass
class Visitor:
    """A browser without scripts that follows redirects."""

    web: httpx2.AsyncClient
    html: str = ""
    status: int = 0
    policy: str = ""

    async def sees(self, path: str) -> str:
        return self._keeps(await self.web.get(path))

    async def sends(self, path: str, **form: str) -> str:
        return self._keeps(await self.web.post(path, data=form))

    def _keeps(self, answer: httpx2.Response) -> str:
        self.html, self.status = answer.text, answer.status_code
        self.policy = answer.headers.get("content-security-policy", "")
        return self.html


def app_of(world: World) -> Starlette:
    tesla = Mount("/tesla", routes=ak_routes(world, CHARGEKEY))
    return Starlette(routes=[*routes(world, CHARGEKEY), tesla, Mount(STATIC_PATH, static_files())])


@asynccontextmanager
async def visiting(world: World) -> AsyncIterator[Visitor]:
    transport = httpx2.ASGITransport(app=app_of(world))
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8701", follow_redirects=True) as web:
        yield Visitor(web)


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[str]:
    """On a real socket of this machine; yields the address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off"))
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await running


@asynccontextmanager
async def hosting_our_key(world: World) -> AsyncIterator[bytes]:
    """The domain hosts a key and is registered with it; yields the public key."""
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    point = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    async def well_known(_: Request) -> PlainTextResponse:
        return PlainTextResponse(pem)

    world.record.portal.registrations[0].public_key_hex = point.hex()
    async with served(Starlette(routes=[Route(WELL_KNOWN_KEY, well_known)])) as address:
        world.domain_lives_at(DOMAIN, address)
        yield point
