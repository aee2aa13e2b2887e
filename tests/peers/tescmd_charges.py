"""tescmd at its command line, as its user would type it: register, log in, list, look at the key, charge."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.peers.tesla import CLIENT_ID, CLIENT_SECRET, DOMAIN, VIN, Tesla, environment

PORT = 8085
CALLBACK = f"http://localhost:{PORT}/callback"
TESCMD = Path(sys.executable).parent / "tescmd"


class Tescmd:
    """Its own home, and the browser it opens."""

    def __init__(self, tesla: Tesla, home: Path) -> None:
        home.mkdir()
        self._environment = environment(
            tesla,
            HOME=str(home),
            BROWSER=f"{sys.executable} -m tests.peers.browser %s",
            TESLA_CLIENT_ID=CLIENT_ID,
            TESLA_CLIENT_SECRET=CLIENT_SECRET,
            TESLA_DOMAIN=DOMAIN,
            TESLA_REGION="eu",
            TESLA_SETUP_TIER="full",
            TESLA_TOKEN_FILE=str(home / "tokens.json"),
            TESLA_CACHE_ENABLED="false",
            PYTHONPATH=".",
        )

    def says(self, *words: str, ends_with: int = 0) -> Any:
        """What it prints, as JSON where it is. Raises `AssertionError` when it ends otherwise."""
        told = subprocess.run(
            [TESCMD, "--format", "json", *words], env=self._environment, capture_output=True, text=True, timeout=120
        )
        assert told.returncode == ends_with, f"tescmd {' '.join(words)}: {told.stdout}{told.stderr}"
        printed = told.stdout or told.stderr
        begins = printed.find("{\n")
        return json.loads(printed[begins:]) if begins >= 0 else printed


def charges(tesla: Tesla, folder: Path) -> None:
    tescmd = Tescmd(tesla, folder / "home")
    tescmd.says("key", "generate")
    keys = folder / "home" / ".config" / "tescmd" / "keys"
    tesla.hosts((keys / "public_key.pem").read_text())
    tescmd.says("auth", "register")
    tescmd.says("auth", "login", "--port", str(PORT))
    print("registered and signed in")

    listed = tescmd.says("vehicle", "list")
    assert VIN in json.dumps(listed), listed
    assert _paired(tescmd) is False
    refused = tescmd.says("charge", "stop", VIN, ends_with=1)
    print(f"a car that does not know the key says so: {refused['error']['message']}")

    tesla.lets("opens_pairing_link", domain=DOMAIN, vin=VIN)
    tesla.lets("allows")
    tesla.time_passes(3)  # Tesla's servers hear of a key after some seconds
    assert _paired(tescmd) is True
    tescmd.says("charge", "stop", VIN)
    assert tesla.car["charging_state"] == "Stopped"
    tescmd.says("charge", "amps", VIN, "8")
    tescmd.says("charge", "start", VIN)
    tesla.time_passes(4)  # the contactor takes its time
    assert tesla.car["charging_state"] == "Charging"
    told = tescmd.says("charge", "status", VIN)
    assert "Charging" in json.dumps(told), told
    print("paired, and charges")


def _paired(tescmd: Tescmd) -> bool:
    """By its raw call: `vehicle fleet-status` names no car, which Tesla refuses."""
    asked = json.dumps({"vins": [VIN]})
    told = tescmd.says("raw", "post", "/api/1/vehicles/fleet_status", "--body", asked)
    found = told.get("data", told)["response"]
    assert {VIN} == {*found["key_paired_vins"], *found["unpaired_vins"]}
    return VIN in found["key_paired_vins"]
