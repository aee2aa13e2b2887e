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
    """Where both sides answer."""

    url: str
    tesla_url: str


@contextlib.contextmanager
def running_demo(folder: Path) -> Iterator[Demo]:
    """Up, with the app registered, until the block ends."""
    port, tesla_port = _free_port(), _free_port()
    command = [*DEMO, "--port", str(port), "--tesla-port", str(tesla_port), "--data-dir", str(folder / "data")]
    with OVERHEARD.a_log().open("wb") as log:
        started = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
        OVERHEARD.program(started.pid)
        try:
            demo = Demo(f"http://localhost:{port}", f"http://localhost:{tesla_port}")
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
