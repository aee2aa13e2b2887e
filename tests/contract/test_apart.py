"""Pages in one process, the worker in another: what the worker finds out, an open page shows by itself."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path
from typing import Final

import httpx2
import pytest

from chargekey.adapters.clock.system import SystemClock
from chargekey.adapters.store.alone import Alone
from chargekey.adapters.tesla.command_key import make_command_key
from chargekey.entrypoints.cli.demo import Demo, settings_of_demo
from chargekey.serving import Part, compose, listens
from chargekey.settings import Settings
from tesla_simulator.app import build
from tesla_simulator.clock import TurnedClock
from tesla_simulator.demo import demo_world
from tesla_simulator.sites import Sites
from tests.contract.databases import Databases
from tests.overhearing import OVERHEARD
from tests.simulator.served import a_door, serving, serving_as, signing_key_pem
from tests.stories.phone import Phone
from tests.stories.town import PHONE

WORKER: Final = (sys.executable, "-m", "tests.contract.worker_apart")
CHARGEKEY: Final = (sys.executable, "-c", "from chargekey.app import main; main()")
LONGEST_S: Final = 120
BEFORE_IT_LOOKS_BY_ITSELF_S: Final = 45
"""A page that nobody wakes is written anew after a minute: that would prove nothing here."""


@contextlib.asynccontextmanager
async def a_worker_apart(told: dict[str, str], folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """Told to stop at the end, it ends by itself, and well."""
    environment = {f"CHARGEKEY_{name.upper()}": value for name, value in told.items()}
    environment["PYTHONPATH"] = os.pathsep.join(sys.path)
    log = OVERHEARD.a_log()
    with log.open("ab") as written:
        running = await asyncio.create_subprocess_exec(
            *WORKER, env=environment, stdout=written, stderr=written, cwd=folder
        )
    OVERHEARD.program(running.pid)
    try:
        yield running
    finally:
        if running.returncode is None:
            running.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(running.wait(), LONGEST_S) == 0, log.read_text()


async def events(web: httpx2.AsyncClient, url: str) -> AsyncGenerator[str, None]:
    """Each line that an open page hears."""
    async with web.stream("GET", url, headers={"Accept": "text/event-stream"}, timeout=LONGEST_S) as page:
        async for line in page.aiter_lines():
            if line.strip():
                yield line


@pytest.mark.slow
async def test_the_worker_finds_the_key_and_the_page_of_the_other_process_moves_on(
    databases: Databases, tmp_path: Path
) -> None:
    (door, url), (tesla_door, tesla_url) = a_door(), a_door()
    for one in (door, tesla_door):
        one.listen()
    world = demo_world(TurnedClock.showing(SystemClock().now()), Sites(tesla_url), url)
    world.tokens.signer.pem = signing_key_pem()
    with databases.empty() as database:
        ports = [int(address.rsplit(":", 1)[1]) for address in (url, tesla_url)]
        told = {**settings_of_demo(Demo(ports[0], ports[1], tmp_path / "data")), "database_url": database}
        settings = Settings.model_validate(told)
        settings.data_dir.mkdir()
        make_command_key(settings.command_key)
        home = compose(settings, Part.PAGES)
        async with (
            home.running(),
            serving_as(listens(home), door),
            serving(build(world, None, url), tesla_door),
            a_worker_apart(told, tmp_path),
            httpx2.AsyncClient(trust_env=False, verify=False, timeout=30, follow_redirects=True, headers=PHONE) as web,
        ):
            phone = Phone(web, url)
            await phone.signs_in()
            await phone.allows()
            await phone.chooses("4F21")
            assert phone.shows == "/key", phone.text
            async with contextlib.aclosing(events(web, f"{url}/key/live")) as heard:
                assert (await anext(heard)).startswith("data:")
                await phone.adds_the_key()
                async with asyncio.timeout(BEFORE_IT_LOOKS_BY_ITSELF_S):
                    moved = [line async for line in heard if line == "event: moved"]
            assert moved == ["event: moved"]  # and with it the page was over
            assert not Alone(settings.data_dir / "alone.lock").is_so() or "postgresql" in database


@pytest.mark.parametrize("part", ["web", "worker"])
async def test_the_demo_is_one_process(tmp_path: Path, part: str) -> None:
    told = settings_of_demo(Demo(8796, 8797, tmp_path))
    environment = {f"CHARGEKEY_{name.upper()}": value for name, value in told.items()}
    started = await asyncio.create_subprocess_exec(
        *CHARGEKEY,
        part,
        env=environment | {"PYTHONPATH": os.pathsep.join(sys.path)},
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(started.communicate(), LONGEST_S)
    assert (started.returncode, said.decode().splitlines()[-1]) == (
        1,
        "chargekey: the demo is one process, with pages and worker: chargekey demo",
    )
