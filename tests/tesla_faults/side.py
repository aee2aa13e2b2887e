"""Our own adapters and the simulated Tesla, over real sockets: one of ours for each thing that can be asked."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import httpx2

from chargekey.adapters.clock.system import SystemClock
from chargekey.adapters.tesla.call_record import Ended
from chargekey.adapters.tesla.command_key import CommandKey
from chargekey.adapters.tesla.fleet_api import FleetApi
from chargekey.adapters.tesla.oauth import TeslaOAuth
from chargekey.adapters.tesla.registration import PartnerRegistration
from chargekey.adapters.tesla.vehicle_commands import SignedCommands
from chargekey.adapters.tesla.vehicles import FleetVehicles
from chargekey.domain.secret import Secret
from chargekey.domain.vehicle import Vin
from chargekey.ports.tesla import Tokens
from chargekey.ports.vault import AccessToken, SealedTokens
from tesla_simulator.demo import CLIENT_ID, CLIENT_SECRET, DOMAIN, EMAIL, MODEL_3, MODEL_S
from tesla_simulator.faults import Fault as Trouble
from tests.adapters.tesla_side import PocketSessions
from tests.simulator.served import Tesla
from tests.tesla_faults.row import Ask

GRANT: Final = 1
WHOLE_S: Final = 1.0
"""Our patience with one request in these tests; the product's own is longer (adapters/tesla/fleet_api).

A third of it was once too short for a machine that was busy with other tests.
"""


class RealVault:
    """`ports.vault.Vault` for one grant whose tokens Tesla itself gave."""

    def __init__(self, oauth: TeslaOAuth, access: str, refresh: str, base_url: str) -> None:
        self._oauth, self.token, self.refresh, self.base_url = oauth, Secret(access), Secret(refresh), base_url

    def sealed(self, grant_id: int, tokens: Tokens) -> SealedTokens:
        raise NotImplementedError

    async def access(self, grant_id: int) -> AccessToken:
        return AccessToken(self.token, self.base_url)

    async def renewed(self, grant_id: int, stale: Secret) -> AccessToken:
        tokens = await self._oauth.renew(grant_id, self.refresh)
        self.token, self.refresh = tokens.access, tokens.refresh
        return await self.access(grant_id)

    async def move(self, grant_id: int, base_url: str) -> None:
        self.base_url = base_url


class WorldClock:
    """The simulated world's time."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now()


@dataclass
class Side:
    """Both ends: what can be asked, and the world that answers."""

    tesla: Tesla
    vault: RealVault
    vehicles: FleetVehicles
    commands: SignedCommands
    oauth: TeslaOAuth
    registration: PartnerRegistration
    ended: list[Ended]

    def meets(self, ask: Ask, trouble: Trouble) -> None:
        """From now on, what is asked so meets that trouble."""
        is_of_secret = trouble.body == {"error": "unauthorized_client"}
        site = "fleet-auth" if is_of_secret or ask in (Ask.RENEWAL, Ask.CODE) else "eu"
        blanks = {"{vin}": MODEL_3, "{base}": f"{self.tesla.url}/eu", "{other}": f"{self.tesla.url}/na"}
        told, headers = json.dumps(trouble.body), json.dumps(trouble.headers)
        if "{other}" in told + headers:
            self.tesla.world.accounts[EMAIL].moves_to_region("na")
        body, headed = json.loads(_filled(told, blanks)), json.loads(_filled(headers, blanks))
        self.tesla.world.meets(replace(trouble, site=site, body=body, headers=headed))

    async def begins_anew(self) -> None:
        """Tesla is well, the account lives in the EU, the tokens are new."""
        self.tesla.world.is_well_again()
        self.tesla.world.accounts[EMAIL].moves_to_region("eu")
        self.vault.base_url = f"{self.tesla.url}/eu"
        await self.vault.renewed(GRANT, self.vault.token)
        self.ended.clear()
        self.tesla.world.calls.clear()

    async def asks(self, ask: Ask) -> None:
        """Raises the Fault that comes."""
        asked: dict[Ask, Callable[[], Awaitable[object]]] = {
            Ask.LIST: lambda: self.vehicles.listing(GRANT),
            Ask.DATA: lambda: self.vehicles.look(GRANT, Vin(MODEL_3), with_place=False),
            Ask.SIGNED: lambda: self.commands.set_charging_current(GRANT, Vin(MODEL_3), 7, signed=True),
            Ask.PLAIN: lambda: self.commands.set_charging_current(GRANT, Vin(MODEL_S), 7, signed=False),
            Ask.RENEWAL: lambda: self.oauth.renew(GRANT, self.vault.refresh),
            Ask.CODE: lambda: self.oauth.exchange("EU_code"),
            Ask.REGISTRATION: lambda: self.registration.register("eu", DOMAIN),
        }
        await asked[ask]()


def _filled(told: str, values: dict[str, str]) -> str:
    """The blanks of a row filled in."""
    for blank, value in values.items():
        told = told.replace(blank, value)
    return told


@asynccontextmanager
async def both_sides(tesla: Tesla) -> AsyncIterator[Side]:
    """Registered, allowed, the key on an awake car with a session open, and a Model S that takes plain commands."""
    pair = await tesla.connects()
    key = CommandKey(tesla.partner.key)
    tesla.car.takes_key(tesla.partner.public, DOMAIN)
    for vin in (MODEL_3, MODEL_S):
        tesla.world.cars[vin].wakes_up()
    ended: list[Ended] = []

    async def record(one: Ended) -> None:
        ended.append(one)

    bases = {"eu": f"{tesla.url}/eu", "na": f"{tesla.url}/na"}
    clock = WorldClock(lambda: tesla.world.now)
    async with httpx2.AsyncClient(trust_env=False) as http:
        oauth = TeslaOAuth(
            http,
            clock,
            auth_url=f"{tesla.url}/auth",
            token_url=f"{tesla.url}/fleet-auth",
            client_id=CLIENT_ID,
            client_secret=Secret(CLIENT_SECRET),
            redirect_uri=tesla.callback,
            audience=bases["eu"],
            record=record,
            whole_s=WHOLE_S,
        )
        vault = RealVault(oauth, pair["access_token"], pair["refresh_token"], bases["eu"])
        api = FleetApi(http, vault, frozenset(bases.values()), whole_s=WHOLE_S, record=record)
        commands = SignedCommands(api, key, PocketSessions(), clock)
        side = Side(
            tesla,
            vault,
            FleetVehicles(api, frozenset(bases.values())),
            commands,
            oauth,
            PartnerRegistration(http, oauth, bases, SystemClock(), record),
            ended,
        )
        await commands.prove(GRANT, Vin(MODEL_3))
        ended.clear()
        yield side
