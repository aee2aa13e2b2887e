"""The demo: Chargekey and a simulated Tesla side by side, on this machine alone, or opened to phones in its network.

The simulator is another program, started as one: nothing of it is imported here. Chargekey listens on loopback either
way: it is the simulator that puts HTTPS before both, and says how to trust it.
"""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import typer

from chargekey.entrypoints.cli.own_network import Phone

STARTS_AT: Final = "2024-11-06T17:20:00+00:00"
"""A Wednesday evening in Amsterdam with dear power until midnight and two cheap stretches after it."""
DOMAIN: Final = "demo.chargekey.example"
CLIENT_ID: Final = "demo-chargekey"
CLIENT_SECRET: Final = "demo-secret"  # noqa: S105  the simulator's, worth nothing elsewhere
OPERATOR: Final = "operator@home.example"
"""Who sees the operator's page in the demo."""
AGENT: Final = "agent@home.example"
"""Who answers drivers in the demo."""
CLOSED: Final = "Everything stays on this machine. Ctrl-C ends it; the next start goes on from here."
OPEN: Final = "Whoever is in this network can open it. Ctrl-C ends it; the next start goes on from here."


@dataclass(frozen=True, slots=True)
class Demo:
    """Where the demo answers and what it keeps. `phone` None: on this machine alone."""

    port: int
    tesla_port: int
    data_dir: Path
    phone: Phone | None = None
    phone_port: int = 8702

    def pages(self, port: int) -> str:
        """Where browsers open a site."""
        return f"https://{self.phone.host}:{port}" if self.phone else f"http://localhost:{port}"


def run(demo: Demo, serve: Callable[[Mapping[str, str]], None]) -> None:
    """Start the simulator beside us, and `serve` with the demo's settings until interrupted."""
    typer.echo(f"The stage, with the driver's phone, the Tesla app and the car: {demo.pages(demo.tesla_port)}/stage")
    typer.echo(f"Chargekey alone, as a driver sees it:                          {demo.pages(demo.port)}")
    typer.echo(OPEN if demo.phone else CLOSED)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that the simulator is ended in order, too
    with simulator(demo):
        serve(settings_of_demo(demo))


def settings_of_demo(demo: Demo) -> Mapping[str, str]:
    """The demo's settings by name: everything on loopback, but for what a phone opens."""
    tesla, opened = f"http://localhost:{demo.tesla_port}", demo.pages(demo.tesla_port)
    return {
        "demo": "true",
        "data_dir": str(demo.data_dir),
        "port": str(demo.port),
        "base_url": demo.pages(demo.port),
        "domain": DOMAIN,
        "tesla_client_id": CLIENT_ID,
        "tesla_client_secret": CLIENT_SECRET,
        "tesla_auth_url": f"{opened}/auth",
        "tesla_token_url": f"{tesla}/fleet-auth",
        "tesla_fleet_api_na": f"{tesla}/na",
        "tesla_fleet_api_eu": f"{tesla}/eu",
        "tesla_pairing_url": f"{opened}/tesla/_ak",
        "stage_url": opened,
        "internet_url": f"{tesla}/internet",
        "operators": OPERATOR,
        "support_agents": AGENT,
        **({"phone_host": demo.phone.host, "trusted_proxies": ""} if demo.phone else {}),
    }


@contextmanager
def simulator(demo: Demo) -> Iterator[subprocess.Popen[bytes]]:
    """A simulated Tesla beside us, ended when the block ends."""
    url = f"http://localhost:{demo.port}"
    command = [sys.executable, "-m", "tesla_simulator", "--demo", "--port", str(demo.tesla_port)]
    command += ["--state", str(demo.data_dir / "tesla"), "--start", STARTS_AT]
    command += ["--chargekey-url", url, "--clock-follower", f"{url}/demo/clock"]
    if demo.phone:
        command += ["--phone", demo.phone.said, "--phone-port", str(demo.phone_port)]
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
