"""The demo as a user starts it, on free ports, for tests that walk through it by hand."""

import contextlib
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx2

from tests.overhearing import OVERHEARD

DEMO: Final = (sys.executable, "-c", "from chargekey.app import main; main()", "demo")
KNOCKS: Final = 8
"""Each comes twice as late as the one before, the first after half a second: together about a minute."""


@dataclass(frozen=True)
class Demo:
    """Where both sides answer on this machine. `said`: the file with what it said as it started."""

    port: int
    tesla_port: int
    phone_port: int
    said: Path

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def tesla_url(self) -> str:
        return f"http://localhost:{self.tesla_port}"


@contextlib.contextmanager
def running_demo(folder: Path, phone: str = "") -> Iterator[Demo]:
    """Up, with the app registered, until the block ends. `phone`: the address at which a phone is let in."""
    demo = Demo(_free_port(), _free_port(), _free_port(), OVERHEARD.a_log())
    command = [
        *DEMO,
        "--port",
        str(demo.port),
        "--tesla-port",
        str(demo.tesla_port),
        "--data-dir",
        str(folder / "data"),
    ]
    if phone:
        command += ["--phone", phone, "--phone-port", str(demo.phone_port)]
    with demo.said.open("wb") as log:
        started = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
        OVERHEARD.program(started.pid)
        try:
            with httpx2.Client(transport=httpx2.HTTPTransport(retries=KNOCKS), timeout=30) as web:
                assert web.get(f"{demo.url}/readyz").status_code == 200
                assert web.get(f"{demo.tesla_url}/stage").status_code == 200
            yield demo
        finally:
            started.send_signal(signal.SIGTERM)
            started.wait(15)


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])
