"""What every request passes on its way in and out: which site is meant, its fault, its record, the state file.

Rules of this room:

1. What an answer tells is in the state file before the answer leaves.
2. Every answer is dated here, not by the server: the operator's clock may be wrong, and shows in that alone.
3. A call is written down whether it went well or met a fault; nothing secret is in what is written.
"""

import re
from typing import Final
from uuid import uuid4

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tesla_simulator.bill import count
from tesla_simulator.calls import Call, billed_as
from tesla_simulator.clock import dated
from tesla_simulator.faults import Fault, Kind, next_fault, suffer
from tesla_simulator.fleet_api.gate import Gate
from tesla_simulator.sites import CHINA, HOSTS, REGIONS
from tesla_simulator.state import StateFile
from tesla_simulator.world import World

_VIN: Final = re.compile(r"/vehicles/([A-Z0-9]{17})(?:/|$)")
_MOST_CALLS_KEPT: Final = 5000
_SITE_OF_HOST: Final = {host: prefix for prefix, hosts in HOSTS.items() for host in hosts}


class Doors:
    """The outermost application. Must stand right under the server, for only there a connection can be cut."""

    def __init__(self, app: ASGIApp, world: World, state: StateFile) -> None:
        self._app = app
        self._world = world
        self._state = state
        self._gate = Gate(world, REGIONS[0])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        site, path = _site_and_path(scope)
        fault = self._fault(scope, site, path)

        def recorded(app: ASGIApp) -> ASGIApp:
            return self._recorded(app, site, path)

        if fault is None:
            await recorded(self._app)(scope, receive, send)
        else:
            await suffer(fault, self._app, recorded, scope, receive, send)

    def _fault(self, scope: Scope, site: str, path: str) -> Fault | None:
        """An arranged one first, then whatever is wrong at Tesla, then a domain nobody can reach."""
        world = self._world
        if site and (world.faults or world.outages.record):
            account = self._gate.account_of(_header(scope, b"authorization"))
            return next_fault(world.faults, site, path, account, world.dice) or world.outages.fault(site, path, account)
        domain = _domain_asked_for(path)
        return Fault(Kind.CUT_BEFORE) if domain and not world.internet.can_be_reached(domain) else None

    def _recorded(self, app: ASGIApp, site: str, path: str) -> ASGIApp:
        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            async def write_down_and_send(message: Message) -> None:
                if message["type"] == "http.response.start":
                    if site:
                        self._write_down(scope["method"], site, path, message["status"])
                    date = dated(self._world.record.operators_clock_ahead).encode()
                    message["headers"] = [*message["headers"], (b"date", date)]
                    if site in (*REGIONS, CHINA):
                        message["headers"] = [*message["headers"], (b"x-txid", uuid4().hex.encode())]
                    self._state.keep(self._world)
                await send(message)

            await app(scope, receive, write_down_and_send)

        return answer

    def _write_down(self, method: str, site: str, path: str, status: int) -> None:
        named = _VIN.search(path)
        vin = named.group(1) if named else ""
        calls = self._world.calls
        now, category = self._world.now, billed_as(path, status)
        calls.append(Call(now, site, method, path, status, vin, category))
        count(self._world.record.billed, f"{now:%Y-%m}", category)
        del calls[:-_MOST_CALLS_KEPT]


def _site_and_path(scope: Scope) -> tuple[str, str]:
    """Tesla's site, such as `eu`, and the path there; an empty site for pages and control."""
    path: str = scope["path"]
    prefix = _SITE_OF_HOST.get(_header(scope, b"host").split(":")[0])
    if prefix is not None:
        return prefix.strip("/"), path
    for prefix in HOSTS:
        if path.startswith(f"{prefix}/"):
            return prefix.strip("/"), path.removeprefix(prefix)
    return "", path


def _domain_asked_for(path: str) -> str:
    """The domain of `/internet/<domain>/...`, else nothing."""
    root, _, rest = path.removeprefix("/").partition("/")
    return rest.split("/")[0] if root == "internet" else ""


def _header(scope: Scope, name: bytes) -> str:
    values = [value for key, value in scope["headers"] if key == name]
    return values[0].decode("latin-1") if values else ""
