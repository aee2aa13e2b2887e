"""A home set up in a browser alone: `chargekey init --pages`, in the settings of a real home, under Tesla's own names.

The same machine as that of the how-to (`test_run_it_for_real`). Nobody types a command but the first.
"""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx2

from tests.overhearing import OVERHEARD
from tests.simulator.served import a_door
from tests.stories.phone import Phone
from tests.stories.terminal import PATIENCE_S
from tests.stories.test_run_it_for_real import SECRET, YOU, Machine, machine
from tests.stories.town import COMPUTER

__all__ = ["machine"]
INIT: Final = ".venv/bin/chargekey init --pages --pages-port"
_LINK: Final = re.compile(r"http://localhost:\d+/begin/\S+")


@dataclass
class Pages:
    """The command, running, and the browser on the same machine that opened its link."""

    process: asyncio.subprocess.Process
    link: str
    web: httpx2.AsyncClient

    @property
    def operator(self) -> Phone:
        return Phone(self.web, self.link.partition("/begin/")[0])


async def test_a_home_is_set_up_by_pages_alone(machine: Machine) -> None:
    async with pages(machine) as first:
        operator = first.operator
        await operator.opens(first.link)
        await nobody_else_gets_in(first)

        # ── the questions, and what Tesla has to be told ─────────────
        await operator.presses("Go on to the app at Tesla", domain="charge.example.org", operators=YOU)
        assert operator.reads("https://charge.example.org/connect/callback")
        assert 'data-copy="https://charge.example.org"' in operator.content
        assert not machine.env.exists()
        await operator.presses("Write it down", tesla_client_id="your-client-id", tesla_client_secret=SECRET)
        assert operator.reads("Made just now")
        assert [one.stat().st_mode & 0o777 for one in written(machine)] == [0o600, 0o600]

        # ── Tesla finds the key, though no Chargekey runs yet ────────
        async with asyncio.timeout(PATIENCE_S):
            await operator.stays_until(lambda page: page.reads("Tesla can fetch your public key"))
        async with machine.a_phone() as stranger:
            await stranger.opens("https://charge.example.org/")
            assert stranger.status == 404  # the key is answered for, and nothing else

        # ── registered, looked at, started ───────────────────────────
        await operator.presses("Register at Tesla")
        assert operator.reads("Your home is ready"), operator.text
        assert operator.reads("Registered, Europe.")
        assert operator.reads("Registered, North America.")
        await operator.presses("Start Chargekey")
        assert operator.page.can_lead_to("https://charge.example.org")
        await chargekey_answers(f"http://localhost:{machine.ports[8700]}/readyz")
        async with machine.a_phone() as phone:
            await phone.opens("https://charge.example.org/sign-in")
            assert phone.reads("Ask for your link")
    await once_more_nothing_changes(machine)


async def chargekey_answers(url: str) -> None:
    """Where the pages answered for the key until just now, and for nothing else."""
    async with asyncio.timeout(PATIENCE_S), httpx2.AsyncClient(trust_env=False) as web:
        status = 404
        while status == 404:
            with contextlib.suppress(httpx2.TransportError):  # between the one and the other
                status = (await web.get(url, headers={"Connection": "close"})).status_code
        assert status == 200


async def once_more_nothing_changes(machine: Machine) -> None:
    """And it says so."""
    before = [one.read_bytes() for one in written(machine)]
    async with pages(machine) as again:
        operator = again.operator
        await operator.opens(again.link)
        await operator.presses("Go on to the app at Tesla")
        await operator.presses("Write it down")
        assert operator.reads("Left alone")
        assert operator.reads("CHARGEKEY_TESLA_CLIENT_ID your-client-id · left alone")
        assert not operator.reads("Made just now")
    assert [one.read_bytes() for one in written(machine)] == before


def written(machine: Machine) -> tuple[Path, Path]:
    """The settings, and the key."""
    return machine.env, machine.folder / "data" / "command-key.pem"


@contextlib.asynccontextmanager
async def pages(machine: Machine) -> AsyncIterator[Pages]:
    """Until the block ends, and whatever it has become by then with it."""
    door, url = a_door()
    door.close()
    log = OVERHEARD.a_log()
    process = await asyncio.create_subprocess_exec(
        *("/bin/sh", "-c", f"exec {INIT} {url.rsplit(':', 1)[1]} 2>{log}"),
        env=machine.environment,
        cwd=machine.folder,
        stdout=asyncio.subprocess.PIPE,
    )
    OVERHEARD.program(process.pid)
    try:
        link = await _link_said_by(process)
        async with httpx2.AsyncClient(
            trust_env=False, timeout=PATIENCE_S, follow_redirects=True, headers=COMPUTER
        ) as web:
            yield Pages(process, link, web)
    finally:
        process.terminate()
        await asyncio.wait_for(process.wait(), PATIENCE_S)


async def _link_said_by(process: asyncio.subprocess.Process) -> str:
    assert process.stdout
    async with asyncio.timeout(PATIENCE_S):
        async for line in process.stdout:
            if found := _LINK.search(line.decode()):
                return found.group()
    raise AssertionError("it ended without a link")


async def nobody_else_gets_in(first: Pages) -> None:
    """Another browser of the same machine, with the same link."""
    async with httpx2.AsyncClient(trust_env=False) as late:
        assert (await late.get(first.link)).status_code == 403
        assert (await late.get(f"{first.link.partition('/begin/')[0]}/tesla")).status_code == 403
