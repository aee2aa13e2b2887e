"""A small world with its pages, for tests: served in process, no clock that runs, no follower but on demand."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx2
from starlette.applications import Starlette
from starlette.routing import Mount

from tesla_simulator.clock import TurnedClock
from tesla_simulator.pages.rendering import STATIC_PATH, static_files
from tesla_simulator.pages.routes import ak_route, routes
from tesla_simulator.phone import Shows
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
    tesla = Mount("/tesla", routes=[ak_route(world, CHARGEKEY)])
    return Starlette(routes=[*routes(world, CHARGEKEY), tesla, Mount(STATIC_PATH, static_files())])


@asynccontextmanager
async def visiting(world: World) -> AsyncIterator[Visitor]:
    transport = httpx2.ASGITransport(app=app_of(world))
    async with httpx2.AsyncClient(
        transport=transport, base_url="http://localhost:8701", follow_redirects=True
    ) as web:
        yield Visitor(web)
