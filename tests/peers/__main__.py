"""`make peers`: programs of others, unmodified, meet the simulated Tesla under Tesla's own names, and charge its car.

Each gets an account, a car, an app and two variables, HTTPS_PROXY and SSL_CERT_FILE; nothing of it is changed.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.peers import tescmd_charges
from tests.peers.tesla import Tesla, environment, simulated

FLEET_API_CALLBACK = "https://peer.example/callback"


def _tesla_fleet_api(tesla: Tesla, folder: Path) -> None:
    command = [sys.executable, "-m", "tests.peers.tesla_fleet_api_charges", str(folder), tesla.control_url]
    subprocess.run(command, env=environment(tesla, PYTHONPATH="."), check=True, timeout=180)


PEERS: dict[str, tuple[str, Callable[[Tesla, Path], None]]] = {
    "tesla-fleet-api": (FLEET_API_CALLBACK, _tesla_fleet_api),
    "tescmd": (tescmd_charges.CALLBACK, tescmd_charges.charges),
}


def main() -> None:
    for name, (callback, charges) in PEERS.items():
        print(f"== {name}", flush=True)
        with tempfile.TemporaryDirectory(prefix="chargekey-peer-") as made, simulated(Path(made), callback) as tesla:
            charges(tesla, Path(made))
            assert tesla.car["charging_state"] == "Charging", tesla.car
    print("all of them charge")


if __name__ == "__main__":
    main()
