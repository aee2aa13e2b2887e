"""The demo: Chargekey and a simulated Tesla side by side, on this machine alone.

The simulator is another program, started as one: nothing of it is imported here.
"""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import typer

STARTS_AT: Final = "2024-11-06T17:20:00+00:00"
"""A Wednesday evening in Amsterdam with dear power until midnight and two cheap stretches after it."""
DOMAIN: Final = "demo.chargekey.example"
CLIENT_ID: Final = "demo-chargekey"
CLIENT_SECRET: Final = "demo-secret"  # noqa: S105  the simulator's, worth nothing elsewhere
OPERATOR: Final = "operator@home.example"
"""Who sees the operator's page in the demo."""
AGENT: Final = "agent@home.example"
"""Who answers drivers in the demo."""


def run(port: int, tesla_port: int, data_dir: Path, serve: Callable[[Mapping[str, str]], None]) -> None:
    """Start the simulator beside us, and `serve` with the demo's settings until interrupted."""
    typer.echo(f"The stage, with the driver's phone, the Tesla app and the car: http://localhost:{tesla_port}/stage")
    typer.echo(f"Chargekey alone, as a driver sees it:                          http://localhost:{port}")
    typer.echo("Everything stays on this machine. Ctrl-C ends it; the next start goes on from here.")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that the simulator is ended in order, too
    with simulator(port, tesla_port, data_dir):
        serve(settings_of_demo(port, tesla_port, data_dir))


def settings_of_demo(port: int, tesla_port: int, data_dir: Path) -> Mapping[str, str]:
    """The demo's settings by name: everything on loopback."""
    tesla = f"http://localhost:{tesla_port}"
    return {
        "demo": "true",
        "data_dir": str(data_dir),
        "port": str(port),
        "base_url": f"http://localhost:{port}",
        "domain": DOMAIN,
        "tesla_client_id": CLIENT_ID,
        "tesla_client_secret": CLIENT_SECRET,
        "tesla_auth_url": f"{tesla}/auth",
        "tesla_token_url": f"{tesla}/fleet-auth",
        "tesla_fleet_api_na": f"{tesla}/na",
        "tesla_fleet_api_eu": f"{tesla}/eu",
        "tesla_pairing_url": f"{tesla}/tesla/_ak",
        "stage_url": tesla,
        "internet_url": f"{tesla}/internet",
        "operators": OPERATOR,
        "support_agents": AGENT,
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
