"""`python -m tesla_simulator`: Tesla on this machine."""

import asyncio
import os
import signal
import sys
import threading
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer
import uvicorn
from starlette.types import ASGIApp

from tesla_simulator.app import build
from tesla_simulator.clock import TurnedClock, system_time
from tesla_simulator.demo import chargekey_registers, demo_world
from tesla_simulator.sites import Sites
from tesla_simulator.state import StateFile, Unreadable
from tesla_simulator.tesla_names.authority import Unusable
from tesla_simulator.tesla_names.opening import opened
from tesla_simulator.tesla_names.own_domain import Misnamed, OwnDomain
from tesla_simulator.world import World

_LOOPBACK: Final = "127.0.0.1"


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
    tesla_names: Annotated[
        Path | None,
        typer.Option(
            help="Answer under Tesla's own host names, through a proxy; certificates are kept in this folder."
        ),
    ] = None,
    proxy_port: Annotated[int, typer.Option(help="Where that proxy answers, on this machine only.")] = 8703,
    own_domain: Annotated[
        str,
        typer.Option(help="DOMAIN=PORT: the proxy leads to a program of yours too, by HTTPS under its domain."),
    ] = "",
) -> None:
    """Serve a simulated Tesla until interrupted."""
    if ends_with_stdin:
        threading.Thread(target=_end_with_stdin, daemon=True).start()
    file = StateFile(state)
    sites = Sites(None if tesla_names else f"http://localhost:{port}")
    world = _world(file, sites, _moment(start), chargekey_url if demo else "", tuple(clock_follower or ()))
    own = _own_domain(own_domain, world)
    home = f"https://{own.name}" if own else chargekey_url
    asyncio.run(_serve(build(world, file, home), port, tesla_names, proxy_port, own))


def _world(file: StateFile, sites: Sites, start: datetime, demo_url: str, followers: tuple[str, ...]) -> World:
    """As it was left, or new at `start`. `demo_url`: with the demo's driver and cars, for a Chargekey there."""
    try:
        record = file.load()
    except Unreadable as error:
        raise typer.BadParameter(f"{error} was not written by this version; remove its folder") from error
    if record is None and demo_url:
        return demo_world(TurnedClock.showing(start), sites, demo_url, followers)
    if record is None:
        return World(TurnedClock.showing(start), sites, followers=followers)
    world = World(TurnedClock(record.offset), sites, record, followers)
    if demo_url:
        chargekey_registers(world, demo_url)
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


async def _serve(app: ASGIApp, port: int, tesla_names: Path | None, proxy_port: int, own: OwnDomain | None) -> None:
    async with AsyncExitStack() as until_the_end:
        if tesla_names is not None:
            try:
                names = await until_the_end.enter_async_context(opened(app, tesla_names, proxy_port, own))
            except Unusable as error:
                raise typer.BadParameter(f"{error}; remove the folder", param_hint="--tesla-names") from error
            typer.echo("Tesla's host names lead here for every program that is started with:")
            for name, value in names.variables.items():
                typer.echo(f"  {name}={value}")
        config = uvicorn.Config(
            app, host=_LOOPBACK, port=port, log_level="warning", access_log=False, date_header=False
        )
        await uvicorn.Server(config).serve()


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
