"""The demo: Chargekey and a simulated Tesla side by side, on this machine alone.

The simulator is another program, started as one: nothing of it is imported here.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import typer

STARTS_AT: Final = "2024-11-06T17:20:00+00:00"
"""A Wednesday evening in Amsterdam with dear power until midnight and two cheap stretches after it."""
DOMAIN: Final = "demo.chargekey.example"
CLIENT_ID: Final = "demo-chargekey"
CLIENT_SECRET: Final = "demo-secret"  # noqa: S105  the simulator's, worth nothing elsewhere


def run(port: int, tesla_port: int, data_dir: Path, *, make_key: Callable[[], bool], serve: Callable[[], None]) -> None:
    """Set the demo's settings for this process, start the simulator beside it, and serve until interrupted."""
    os.environ.update(settings_of_demo(port, tesla_port, data_dir.absolute()))
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    make_key()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that the simulator is ended in order, too
    typer.echo(f"The stage, with the driver's phone, the Tesla app and the car: http://localhost:{tesla_port}/stage")
    typer.echo(f"Chargekey alone, as a driver sees it:                          http://localhost:{port}")
    typer.echo("Everything stays on this machine. Ctrl-C ends it; the next start goes on from here.")
    with simulator(port, tesla_port, data_dir):
        serve()


def settings_of_demo(port: int, tesla_port: int, data_dir: Path) -> dict[str, str]:
    """The demo's settings as environment variables: everything on loopback."""
    tesla = f"http://localhost:{tesla_port}"
    return {
        "CHARGEKEY_DEMO": "true",
        "CHARGEKEY_DATA_DIR": str(data_dir),
        "CHARGEKEY_PORT": str(port),
        "CHARGEKEY_BASE_URL": f"http://localhost:{port}",
        "CHARGEKEY_DOMAIN": DOMAIN,
        "CHARGEKEY_TESLA_CLIENT_ID": CLIENT_ID,
        "CHARGEKEY_TESLA_CLIENT_SECRET": CLIENT_SECRET,
        "CHARGEKEY_TESLA_AUTH_URL": f"{tesla}/auth",
        "CHARGEKEY_TESLA_TOKEN_URL": f"{tesla}/fleet-auth",
        "CHARGEKEY_TESLA_FLEET_API_NA": f"{tesla}/na",
        "CHARGEKEY_TESLA_FLEET_API_EU": f"{tesla}/eu",
        "CHARGEKEY_TESLA_PAIRING_URL": f"{tesla}/tesla/_ak",
        "CHARGEKEY_STAGE_URL": tesla,
    }


@contextmanager
def simulator(port: int, tesla_port: int, data_dir: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A simulated Tesla beside us, ended when the block ends."""
    url = f"http://localhost:{port}"
    command = [sys.executable, "-m", "tesla_simulator", "--demo", "--port", str(tesla_port)]
    command += ["--state", str(data_dir / "tesla"), "--start", STARTS_AT]
    command += ["--chargekey-url", url, "--clock-follower", f"{url}/demo/clock"]
    command += ["--ends-with-stdin"]  # however we end, a kill included, it ends with us
    running = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
    try:
        yield running
    finally:
        running.send_signal(signal.SIGTERM)
        try:
            running.wait(timeout=5)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
