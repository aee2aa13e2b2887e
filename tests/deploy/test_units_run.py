"""What a unit starts, started here as an ordinary user with nothing but his own folder: ready, and ended when told."""

import asyncio
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import httpx2
import pytest

from tests.architecture.tree import ROOT
from tests.contract.postgres import AS_NOBODY, NOBODY
from tests.deploy.files import INSTALLED, PROGRAM, exec_start
from tests.overhearing import OVERHEARD
from tests.simulator.served import a_door

IS_UP: Final = b"Uvicorn running on"
PREPARES: Final = b"Context impl"
"""Alembic's word: from before it on a worker ends in order when it is told to."""
LONGEST_S: Final = 60
SETTINGS: Final = """\
CHARGEKEY_BASE_URL=https://charge.example
CHARGEKEY_TESLA_CLIENT_ID=an-app
CHARGEKEY_TESLA_CLIENT_SECRET=hunter2-of-the-app
CHARGEKEY_TESLA_AUTH_URL=http://127.0.0.1:9
CHARGEKEY_TESLA_TOKEN_URL=http://127.0.0.1:9
CHARGEKEY_TESLA_FLEET_API_NA=http://127.0.0.1:9
CHARGEKEY_TESLA_FLEET_API_EU=http://127.0.0.1:9
CHARGEKEY_DOMAIN=localhost
CHARGEKEY_SMTP_HOST=127.0.0.1
CHARGEKEY_SMTP_PORT=9
"""
"""Nothing answers at the port of RFC 863: no Tesla and no mail server is asked."""


@pytest.fixture
def home() -> Iterator[Path]:
    """As `StateDirectory` makes it; in a place that an ordinary user reaches, which pytest's own folders are not."""
    done = subprocess.run([*as_user(), *ours(), "--help"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if done.returncode:
        pytest.skip("an ordinary user cannot reach this tree: units are not run")
    folder = Path(subprocess.run(["mktemp", "--directory"], capture_output=True, text=True, check=True).stdout.strip())
    (folder / ".env").write_text(SETTINGS)
    if os.getuid() == 0:
        for path in (folder, folder / ".env"):
            os.chown(path, NOBODY, NOBODY)
    yield folder
    shutil.rmtree(folder)


def as_user() -> Sequence[str]:
    return AS_NOBODY if os.getuid() == 0 else ()


def ours() -> Sequence[str]:
    """The installed program, where this tree has it; without a launcher of its own, this Python."""
    here = Path(PROGRAM.replace(INSTALLED, str(ROOT)))
    return [str(here)] if here.exists() else [sys.executable, "-c", "from chargekey.app import main; main()"]


async def started(home: Path, words: Sequence[str], **told: str) -> asyncio.subprocess.Process:
    """With as little around it as systemd leaves."""
    running = await asyncio.create_subprocess_exec(
        *as_user(),
        *ours(),
        *words,
        env={"PATH": os.defpath, "PYTHONPATH": os.pathsep.join(sys.path), "HOME": str(home), **told},
        cwd=home,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    OVERHEARD.program(running.pid)
    return running


async def runs(home: Path, words: Sequence[str]) -> None:
    said, _ = await asyncio.wait_for((running := await started(home, words)).communicate(), LONGEST_S)
    assert running.returncode == 0, said.decode()


async def hears(running: asyncio.subprocess.Process, words: bytes) -> None:
    assert running.stdout
    async with asyncio.timeout(LONGEST_S):
        while words not in (line := await running.stdout.readline()):
            assert line, "it ended before"


async def ends_when_told(running: asyncio.subprocess.Process) -> None:
    running.terminate()
    said, _ = await asyncio.wait_for(running.communicate(), LONGEST_S)
    assert running.returncode == 0, said.decode()


@pytest.mark.long
async def test_the_units_run_as_an_ordinary_user_and_are_backed_up_while_they_do(home: Path) -> None:
    await runs(home, ["make-key"])
    door, url = a_door()
    door.close()  # the process takes the port itself
    pages = await started(home, exec_start("chargekey-web@.service")[1:], CHARGEKEY_PORT=url.rsplit(":", 1)[1])
    await hears(pages, IS_UP)
    worker = await started(home, exec_start("chargekey-worker@.service")[1:])
    await hears(worker, PREPARES)
    async with httpx2.AsyncClient(trust_env=False) as browser:
        assert (await browser.get(f"{url}/readyz")).status_code == 200
    await runs(home, exec_start("chargekey-backup.service")[1:])
    for one in (worker, pages):
        await ends_when_told(one)
    (backup,) = (home / "data" / "backups").iterdir()
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert backup.owner() == (home / ".env").owner()

    # ── and both in one ──────────────────────────────────────────
    both = await started(home, exec_start("chargekey.service")[1:], CHARGEKEY_PORT=url.rsplit(":", 1)[1])
    await hears(both, IS_UP)
    await ends_when_told(both)
