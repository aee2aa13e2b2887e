"""Tesla on a real socket, for tests: a clock that only a test turns, a domain that hosts a key, a driver's browser."""

import base64
import json
import socket
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2
import uvicorn
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from tesla_simulator.app import build
from tesla_simulator.cars.car import Car
from tesla_simulator.clock import TurnedClock
from tesla_simulator.demo import CLIENT_ID, CLIENT_SECRET, DOMAIN, EMAIL, MODEL_3, demo_world
from tesla_simulator.internet import WELL_KNOWN_KEY
from tesla_simulator.sites import Sites
from tesla_simulator.state import StateFile
from tesla_simulator.world import World

START = datetime(2024, 1, 10, 18, 0, tzinfo=UTC)
SCOPES = "openid offline_access user_data vehicle_device_data vehicle_location vehicle_charging_cmds"


@cache
def signing_key_pem() -> str:
    """One for all tests: making them is what takes time."""
    return RSAKey.generate_key(2048).as_pem(private=True).decode()


def stands_still() -> datetime:
    return START


@asynccontextmanager
async def serving(app: ASGIApp, door: socket.socket) -> AsyncIterator[None]:
    """A real server in this loop. `door` is a bound socket."""
    async with serving_as(uvicorn.Config(app, log_config=None, access_log=False, ws="none", date_header=False), door):
        yield


@asynccontextmanager
async def serving_as(config: uvicorn.Config, door: socket.socket) -> AsyncIterator[None]:
    """The same with a server's own settings; where it listens is the door's matter."""
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup(sockets=[door])
    try:
        yield
    finally:
        # Not `server.shutdown`, which waits a tenth of a second for connections that nobody has any more.
        for listening in server.servers:
            listening.close()
        for connection in list(server.server_state.connections):
            connection.shutdown()
        await server.lifespan.shutdown()


def a_door() -> tuple[socket.socket, str]:
    """A free port, taken, and its address.

    A socket that does not name TCP is left by asyncio to wait for 40 ms between the parts of an answer (Nagle).
    """
    door = socket.socket(proto=socket.IPPROTO_TCP)
    door.bind(("127.0.0.1", 0))
    return door, f"http://localhost:{door.getsockname()[1]}"


@dataclass
class Partner:
    """Whoever runs the app: hosts the key, and follows the clock when asked to."""

    url: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    hosts_key: bool = True
    told: list[datetime] = field(default_factory=list)
    next_due: list[datetime] = field(default_factory=list)

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def pem(self) -> str:
        return self.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def app(self) -> Starlette:
        return Starlette(routes=[Route(WELL_KNOWN_KEY, self._key), Route("/demo/clock", self._clock, methods=["POST"])])

    async def _key(self, _: Request) -> Response:
        return PlainTextResponse(self.pem if self.hosts_key else "", 200 if self.hosts_key else 404)

    async def _clock(self, request: Request) -> Response:
        now = datetime.fromisoformat((await request.json())["now"])
        self.told.append(now)
        self.next_due = [due for due in self.next_due if due > now]
        due = min(self.next_due, default=None)
        return JSONResponse({"next_due": due.isoformat() if due else None})


@dataclass
class Tesla:
    """The served world, as an app and a driver's browser meet it."""

    world: World
    url: str
    partner: Partner
    web: httpx2.AsyncClient

    @property
    def car(self) -> Car:
        return self.world.cars[MODEL_3]

    @property
    def callback(self) -> str:
        return f"{self.partner.url}/connect/callback"

    def question(self, **also: str) -> dict[str, str]:
        asked = {"response_type": "code", "client_id": CLIENT_ID, "redirect_uri": self.callback, "scope": SCOPES}
        return {**asked, "state": "s-1", "nonce": "n-1", "locale": "en-GB", **also}

    async def asks(self, **also: str) -> httpx2.Response:
        """Open the authorize page."""
        return await self.web.get(f"{self.url}/auth/oauth2/v3/authorize", params=self.question(**also))

    async def signs_in(self, email: str = EMAIL, answer: str = "sign_in", **also: str) -> httpx2.Response:
        form = {"email": email, "password": "any", "answer": answer}
        address = f"{self.url}/auth/oauth2/v3/authorize"
        return await self.web.post(address, params=self.question(**also), data=form)

    async def consents(
        self, ticked: Iterable[str] | None = None, answer: str = "allow", **also: str
    ) -> httpx2.Response:
        scopes = SCOPES.split() if ticked is None else list(ticked)
        form = {"scope": scopes, "answer": answer}
        address = f"{self.url}/auth/oauth2/v3/consent"
        return await self.web.post(address, params=self.question(**also), data=form)

    async def a_code(self, ticked: Iterable[str] | None = None, email: str = EMAIL) -> str:
        """Sign in, consent if asked, come back."""
        answer = await self.signs_in(email)
        if "/consent" in answer.headers["location"]:
            answer = await self.consents(ticked)
        return came_back_with(answer)["code"]

    async def token(self, **form: str) -> httpx2.Response:
        return await self.web.post(f"{self.url}/fleet-auth/oauth2/v3/token", data=form)

    async def redeems(self, code: str, **other: str) -> httpx2.Response:
        form = {
            "grant_type": "authorization_code",
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "code": code,
            "audience": self.world.sites.fleet_api("eu"),
            "redirect_uri": self.callback,
        }
        return await self.token(**{**form, **other})

    async def renews(self, refresh_token: str) -> httpx2.Response:
        return await self.token(grant_type="refresh_token", client_id=CLIENT_ID, refresh_token=refresh_token)

    async def connects(self, ticked: Iterable[str] | None = None, email: str = EMAIL) -> dict[str, Any]:
        """The whole way to a pair of tokens."""
        pair: dict[str, Any] = (await self.redeems(await self.a_code(ticked, email))).json()
        return pair

    async def partner_token(self) -> str:
        audience = self.world.sites.fleet_api("eu")
        secret = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "audience": audience}
        answer = await self.token(grant_type="client_credentials", **secret)
        return str(answer.json()["access_token"])

    async def registers(self, *regions: str, domain: str = DOMAIN) -> httpx2.Response:
        """As partner, in each region; the last answer is returned."""
        token = await self.partner_token()
        for region in regions:
            answer = await self.posts(token, "partner_accounts", {"domain": domain}, region=region)
        return answer

    async def gets(self, token: str, path: str, region: str = "eu", **query: str) -> httpx2.Response:
        address = f"{self.url}/{region}/api/1/{path}"
        return await self.web.get(address, params=query, headers=_bearer(token))

    async def posts(
        self, token: str, path: str, body: dict[str, Any] | None = None, region: str = "eu"
    ) -> httpx2.Response:
        address = f"{self.url}/{region}/api/1/{path}"
        return await self.web.post(address, json=body or {}, headers=_bearer(token))

    async def control(self, verb: str, **arguments: object) -> httpx2.Response:
        return await self.web.post(f"{self.url}/control/{verb}", json=arguments)


def came_back_with(answer: httpx2.Response) -> dict[str, str]:
    """What the redirect tells the app."""
    assert answer.status_code == 303, answer.text
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def claims_of(token: str) -> dict[str, Any]:
    """Read with the plain base64 alphabet, as some clients do."""
    payload = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.b64decode(payload + "=" * (-len(payload) % 4), validate=True))
    return claims


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@asynccontextmanager
async def tesla_on_a_socket(folder: Path | None = None, follow: bool = False) -> AsyncIterator[Tesla]:
    """The demo's world, begun or, where `folder` already holds one, continued."""
    partner_door, partner_url = a_door()
    door, url = a_door()
    partner, file = Partner(partner_url), StateFile(folder)
    followers = (f"{partner_url}/demo/clock",) if follow else ()
    record = file.load()
    if record is None:
        world = demo_world(TurnedClock(system=stands_still), Sites(url), partner_url, followers)
        world.tokens.signer.pem = signing_key_pem()
    else:
        world = World(TurnedClock(record.offset, stands_still), Sites(url), record, followers)
    async with (
        serving(partner.app(), partner_door),
        serving(build(world, file, partner_url), door),
        httpx2.AsyncClient(trust_env=False, timeout=10) as web,
    ):
        yield Tesla(world, url, partner, web)
