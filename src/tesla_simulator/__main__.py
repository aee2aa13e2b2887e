"""`python -m tesla_simulator`: Tesla on this machine."""

import asyncio
import os
import signal
import sys
import threading
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

import typer
import uvicorn
from starlette.types import ASGIApp

from tesla_simulator.app import build, pages_beyond
from tesla_simulator.clock import TurnedClock, system_time
from tesla_simulator.demo import chargekey_registers, demo_world
from tesla_simulator.local_network.host import Host, NotInOwnNetwork
from tesla_simulator.local_network.opening import Ports, let_in, pages_at
from tesla_simulator.sites import Sites
from tesla_simulator.state import StateFile, Unreadable
from tesla_simulator.telemetry.addresses import Misaddressed
from tesla_simulator.telemetry.dispatchers import CannotPublish
from tesla_simulator.tesla_names.authority import Unusable
from tesla_simulator.tesla_names.opening import opened
from tesla_simulator.tesla_names.own_domain import Misnamed, OwnDomain
from tesla_simulator.world import World

_LOOPBACK: Final = "127.0.0.1"
_TeslaNames = Annotated[
    Path | None,
    typer.Option(help="Answer under Tesla's own host names, through a proxy; certificates are kept in this folder."),
]
_OwnDomain = Annotated[
    str, typer.Option(help="DOMAIN=PORT: the proxy leads to a program of yours too, by HTTPS under its domain.")
]
_Phone = Annotated[
    str,
    typer.Option(help="ADDRESS or ADDRESS=NAME.local of this machine: phones in its network open the pages there."),
]
_TelemetryZmq = Annotated[
    str, typer.Option(help="ADDRESS such as tcp://127.0.0.1:5284: what cars stream is published there by ZMQ.")
]
_TelemetryMqtt = Annotated[
    str, typer.Option(help="ADDRESS:PORT of a broker: what cars stream is published there by MQTT.")
]
_TelemetryServer = Annotated[
    list[str] | None,
    typer.Option(help="HOST=ADDRESS:PORT: cars told to stream to this host find its server there; may be repeated."),
]
_TelemetryJson = Annotated[
    bool, typer.Option("--telemetry-json", help="Publish JSON, as with transmit_decoded_records.")
]


def run(
    port: Annotated[int, typer.Option(help="Where to answer, on this machine only.")] = 8701,
    state: Annotated[
        Path | None, typer.Option(help="Folder to keep the world in; without it all is forgotten.")
    ] = None,
    demo: Annotated[bool, typer.Option("--demo", help="Begin with the demo's driver and cars.")] = False,
    chargekey_url: Annotated[str, typer.Option(help="Where Chargekey answers.")] = "http://localhost:8700",
    clock_follower: Annotated[list[str] | None, typer.Option(help="Whom to tell the time; may be repeated.")] = None,
    start: Annotated[str, typer.Option(help="ISO time the clock begins at when there is no state yet.")] = "",
    ends_with_stdin: Annotated[
        bool, typer.Option("--ends-with-stdin", help="End when standard input does: when whoever started it is gone.")
    ] = False,
    tesla_names: _TeslaNames = None,
    proxy_port: Annotated[int, typer.Option(help="Where that proxy answers, on this machine only.")] = 8703,
    own_domain: _OwnDomain = "",
    phone: _Phone = "",
    phone_port: Annotated[int, typer.Option(help="Where a page then says how to trust this machine.")] = 8702,
    telemetry_zmq: _TelemetryZmq = "",
    telemetry_namespace: Annotated[str, typer.Option(help="What its topics begin with.")] = "tesla",
    telemetry_json: _TelemetryJson = False,
    telemetry_mqtt: _TelemetryMqtt = "",
    telemetry_server: _TelemetryServer = None,
) -> None:
    """Serve a simulated Tesla until interrupted."""
    if ends_with_stdin:
        threading.Thread(target=_end_with_stdin, daemon=True).start()
    file = StateFile(state)
    sites = Sites(None if tesla_names else f"http://localhost:{port}")
    way = _way_for_phones(phone, Ports(port, urlsplit(chargekey_url).port or 443, phone_port), state)
    opened_at = way.chargekey if way else chargekey_url
    followers = tuple(clock_follower or ())
    world = _world(file, sites, _moment(start), (chargekey_url, opened_at) if demo else None, followers)
    if telemetry_zmq or telemetry_mqtt:
        _publish_telemetry(world, telemetry_zmq, telemetry_namespace, telemetry_json, telemetry_mqtt)
    _find_telemetry_servers(world, telemetry_server or [])
    own = _own_domain(own_domain, world)
    home = f"https://{own.name}" if own else opened_at
    asyncio.run(_serve(world, file, _Doors(port, tesla_names, proxy_port, own, way, home)))


@dataclass(frozen=True)
class _WayForPhones:
    host: Host
    ports: Ports
    folder: Path

    @property
    def chargekey(self) -> str:
        return pages_at(self.host, self.ports.chargekey)


@dataclass(frozen=True)
class _Doors:
    """Where the simulation is reached. `home` is where browsers open Chargekey."""

    port: int
    tesla_names: Path | None
    proxy_port: int
    own: OwnDomain | None
    way: _WayForPhones | None
    home: str


def _way_for_phones(said: str, ports: Ports, state: Path | None) -> _WayForPhones | None:
    if not said:
        return None
    if state is None:
        raise typer.BadParameter("what a phone trusts is kept: name a folder with --state", param_hint="--phone")
    try:
        return _WayForPhones(Host.read(said), ports, state / "phone")
    except NotInOwnNetwork as error:
        raise typer.BadParameter(str(error), param_hint="--phone") from error


def _world(
    file: StateFile, sites: Sites, start: datetime, demo: tuple[str, str] | None, followers: tuple[str, ...]
) -> World:
    """As it was left, or new at `start`. `demo`: with its driver and cars, for a Chargekey that answers at the first
    address and is opened at the second.
    """
    try:
        record = file.load()
    except Unreadable as error:
        raise typer.BadParameter(f"{error} was not written by this version; remove its folder") from error
    if record is not None:
        world = World(TurnedClock(record.offset), sites, record, followers)
    elif demo:
        world = demo_world(TurnedClock.showing(start), sites, demo[0], followers)
    else:
        world = World(TurnedClock.showing(start), sites, followers=followers)
    if demo:
        chargekey_registers(world, *demo)
    return world


def _own_domain(said: str, world: World) -> OwnDomain | None:
    """Tesla finds it there, too."""
    if not said:
        return None
    try:
        own = OwnDomain.read(said)
    except Misnamed as error:
        raise typer.BadParameter(str(error), param_hint="--own-domain") from error
    world.domain_lives_at(own.name, own.lives_at)
    return own


def _publish_telemetry(world: World, zmq: str, namespace: str, as_json: bool, mqtt: str) -> None:
    try:
        world.far_ends.telemetry_is_published(zmq, namespace, as_json, mqtt)
    except CannotPublish as error:
        raise typer.BadParameter(str(error), param_hint="--telemetry-zmq") from error
    except Misaddressed as error:
        raise typer.BadParameter(str(error), param_hint="--telemetry-mqtt") from error


def _find_telemetry_servers(world: World, said: list[str]) -> None:
    for one in said:
        hostname, _, address = one.partition("=")
        try:
            world.far_ends.telemetry_server_lives_at(hostname, address)
        except Misaddressed as error:
            raise typer.BadParameter(str(error), param_hint="--telemetry-server") from error


async def _serve(world: World, file: StateFile, doors: _Doors) -> None:
    app = build(world, file, doors.home)
    async with AsyncExitStack() as until_the_end:
        if doors.tesla_names is not None:
            await _open_names(app, doors.tesla_names, doors, until_the_end)
        if doors.way is not None:
            await _open_to_phones(world, file, doors.way, until_the_end)
        config = uvicorn.Config(
            app, host=_LOOPBACK, port=doors.port, log_level="warning", access_log=False, date_header=False
        )
        await uvicorn.Server(config).serve()


async def _open_names(app: ASGIApp, folder: Path, doors: _Doors, until_the_end: AsyncExitStack) -> None:
    try:
        names = await until_the_end.enter_async_context(opened(app, folder, doors.proxy_port, doors.own))
    except Unusable as error:
        raise typer.BadParameter(f"{error}; remove the folder", param_hint="--tesla-names") from error
    typer.echo("Tesla's host names lead here for every program that is started with:")
    for name, value in names.variables.items():
        typer.echo(f"  {name}={value}")


async def _open_to_phones(world: World, file: StateFile, way: _WayForPhones, until_the_end: AsyncExitStack) -> None:
    pages = pages_beyond(world, file, way.chargekey, *way.host.names)
    try:
        open_now = await until_the_end.enter_async_context(let_in(pages, way.host, way.ports, way.folder))
    except Unusable as error:
        raise typer.BadParameter(f"{error}; remove the folder", param_hint="--phone") from error
    except OSError as error:
        raise typer.BadParameter(f"{way.host.address}: {error.strerror}", param_hint="--phone") from error
    for line in open_now.lines():
        typer.echo(line)


def _end_with_stdin() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


def _moment(start: str) -> datetime:
    """Without a zone, UTC; without a text, the present."""
    if not start:
        return system_time()
    try:
        moment = datetime.fromisoformat(start)
    except ValueError as error:
        raise typer.BadParameter(f"{start!r} is no ISO time", param_hint="--start") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


if __name__ == "__main__":
    typer.run(run)
