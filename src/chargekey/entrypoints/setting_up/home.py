"""What setting up asks of the house, and what it tells: the portal's entries, and what keeps Tesla from the key.

Rules of this room:

1. It may be run again at any time and goes on where it stopped: nothing that is set is changed unless it was asked for,
   a key is made once, and what was left alone is said.
2. No secret is an argument of a command, which everybody on the machine can read, and none is shown.
3. Tesla is not asked to register before it could fetch the key: a refused registration helps nobody.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from chargekey.domain.findings import KeyFile
from chargekey.journeys.check_operator import OurSide, RegionChecked
from chargekey.ports.clock import Clock

REGIONS: Final = {"eu": "Europe", "na": "North America"}
REFUSED: Final = "NotRegistered: "
"""How the journey's word for a refusal begins, which is said already."""
SCOPES: Final = "Vehicle Information, Vehicle Charging Management, and, if you like, Vehicle Location"
"""As the portal names what we ask for (tesla-fleet-api §1.5); signing in and staying so have no box there."""
UNREACHABLE: Final = (
    "Nothing answers there yet. Start Chargekey (chargekey serve) behind a web server that has a certificate for the "
    "domain and hands everything on to it"
)
NOT_YET: Final[Mapping[KeyFile, str]] = {
    KeyFile.UNREACHABLE: UNREACHABLE,
    KeyFile.MISSING: "There is no key file at that address: hand everything on to Chargekey, this path too",
    KeyFile.MOVED: "That address leads somewhere else, and Tesla does not follow: answer there, without a redirect",
    KeyFile.NOT_A_KEY: "What stands at that address is no key: hand everything on to Chargekey, this path too",
    KeyFile.AS_A_PAGE: "The key there is served as a web page: serve it as application/x-pem-file, as Chargekey does",
    KeyFile.ANOTHER_KEY: (
        "That address holds another key than the one here. Never make a new one: let this Chargekey answer there, or "
        "put back the key that cars know"
    ),
}


@dataclass(frozen=True, slots=True)
class AtTesla:
    """What the portal has to be told, and where Tesla will look."""

    origins: Sequence[str]
    redirect_uri: str
    key_url: str


@dataclass(frozen=True, slots=True)
class KeyAnswered:
    """The public key, and where on this machine a home answers for it."""

    public_pem: bytes
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class SettingUp:
    """What `init` can ask for; `app.py` fills it. `keep` changes the file; the others find things as it says.

    `mendable`: what may come of it that an operator can mend; each says how in one line.
    """

    in_file: Callable[[], Mapping[str, str]]
    in_environment: Callable[[], Mapping[str, str]]
    may_ask: Callable[[], bool]
    keep: Callable[[Mapping[str, str]], Path]
    at_tesla: Callable[[str, str], AtTesla]
    make_key: Callable[[], bool]
    key_path: Callable[[], Path]
    key_file: Callable[[], KeyFile]
    register: Callable[[], Sequence[RegionChecked]]
    check: Callable[[], OurSide]
    key_answered: Callable[[], KeyAnswered]
    clock: Clock
    mendable: tuple[type[Exception], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One field of the portal. `is_exact`: to be copied letter by letter."""

    name: str
    value: str
    is_exact: bool = False


def entries(at_tesla: AtTesla) -> Sequence[Entry]:
    """What developer.tesla.com has to be told about the app, in the portal's order."""
    return (
        Entry("Name", "one without “Tesla” in it, for drivers see it"),
        Entry("Grant types", "Authorization Code and Machine-to-Machine"),
        *(Entry("Allowed origin", origin, is_exact=True) for origin in at_tesla.origins),
        Entry("Redirect URI", at_tesla.redirect_uri, is_exact=True),
        Entry("Scopes", SCOPES),
        Entry("Billing limit", "above its default of 0, which switches the app off once the discount is used"),
    )


def came_of(region: RegionChecked) -> str:
    """What registering in a region came to, in a line."""
    name = REGIONS.get(region.region, region.region)
    if region.is_right:
        return f"Registered, {name}."
    return f"Not registered, {name}: {region.fault.removeprefix(REFUSED)}"


def first_way_in(operators: str) -> str:
    """The command by which the operator of a home without mail signs in."""
    return f"chargekey sign-in-link {operators.split(',')[0].strip()}"
