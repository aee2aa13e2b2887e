"""A simulated Tesla under Tesla's own names, as a program of others meets it: started as a process, told by control.

Nothing of the simulator is imported: what a stranger can do from outside is all that is done here.
"""

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import httpx2

DOMAIN: Final = "keys.peer.example"
CLIENT_ID: Final = "a-peer"
CLIENT_SECRET: Final = "peer-secret"
EMAIL: Final = "pat@peer.example"
VIN: Final = "LRW3E7EK0NC000815"
SCOPES: Final = (
    *("openid", "offline_access", "user_data", "vehicle_device_data", "vehicle_location"),
    *("vehicle_cmds", "vehicle_charging_cmds", "energy_device_data", "energy_cmds"),
)
KEY_PATH: Final = ".well-known/appspecific/com.tesla.3p.public-key.pem"
KNOCKS_AT_MOST: Final = 8
"""Half a second after the first, and each time twice as long: two minutes in all."""


@dataclass(frozen=True)
class Tesla:
    """`variables` is all that a program is given. `site` is the folder that the app's domain serves."""

    control_url: str
    variables: dict[str, str]
    site: Path

    def lets(self, verb: str, **arguments: object) -> Any:
        """Something happens over there; what is answered."""
        answer = httpx2.post(f"{self.control_url}/control/{verb}", json=arguments, trust_env=False)
        assert answer.status_code == 200, f"{verb}: {answer.text}"
        return answer.json()["said"]

    def time_passes(self, seconds: float) -> None:
        """By Tesla's clock, at once."""
        body = {"advance_s": seconds}
        httpx2.post(f"{self.control_url}/control/clock", json=body, trust_env=False).raise_for_status()

    @property
    def car(self) -> dict[str, Any]:
        """What stands in the world of the car."""
        world = httpx2.get(f"{self.control_url}/control/world", trust_env=False).json()
        found: dict[str, Any] = world["cars"][VIN]
        return found

    def hosts(self, public_key_pem: str) -> None:
        """Where Tesla looks for it."""
        file = self.site / KEY_PATH
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(public_key_pem)


@contextlib.contextmanager
def simulated(folder: Path, callback: str) -> Iterator[Tesla]:
    """One account with one car, plugged in; an app with this redirect URI, registered nowhere yet."""
    ports = [_free_port(), _free_port()]
    command = [sys.executable, "-m", "tesla_simulator", "--port", str(ports[0]), "--ends-with-stdin"]
    command += ["--tesla-names", str(folder / "names"), "--proxy-port", str(ports[1])]
    site = folder / "site"
    site.mkdir()
    running = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        with _served(site) as site_url:
            tesla = Tesla(f"http://localhost:{ports[0]}", _variables(running), site)
            _wait_for(tesla)
            tesla.lets("somebody_opens_an_account", email=EMAIL, region="eu", full_name="Pat Peer")
            tesla.lets("somebody_buys_a_car", vin=VIN, name="Car", usable_kwh=57.5, soc_percent=40, owner=EMAIL)
            tesla.lets("plugs_in", vin=VIN)
            tesla.lets("signs_in", email=EMAIL)
            tesla.lets("domain_lives_at", domain=DOMAIN, base_url=site_url)
            tesla.lets(
                "developer_registers_app",
                client_id=CLIENT_ID,
                client_secret=CLIENT_SECRET,
                name="A peer",
                redirect_uris=[callback],
                allowed_origins=[f"https://{DOMAIN}"],
                scopes=SCOPES,
            )
            yield tesla
    finally:
        assert running.stdin
        running.stdin.close()
        running.wait(timeout=10)


def _variables(running: "subprocess.Popen[str]") -> dict[str, str]:
    """The two that it prints: whoever starts it copies them."""
    assert running.stdout
    printed = [running.stdout.readline() for _ in range(3)]
    found = dict(line.strip().split("=", 1) for line in printed if "=" in line)
    assert found.keys() == {"HTTPS_PROXY", "SSL_CERT_FILE"}, printed
    return found


def environment(tesla: Tesla, **more: str) -> dict[str, str]:
    """All that a program is told: it is to meet the simulation and nothing else."""
    return {"PATH": os.defpath, "LANG": "C.UTF-8", **tesla.variables, **more}


def _wait_for(tesla: Tesla) -> None:
    patient = httpx2.HTTPTransport(retries=KNOCKS_AT_MOST)
    with httpx2.Client(transport=patient, trust_env=False) as web:
        web.get(f"{tesla.control_url}/control/world").raise_for_status()


@contextlib.contextmanager
def _served(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """What is asked of a site of one file is nobody's news."""


def _free_port() -> int:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Silent) as tried:
        return tried.server_port
