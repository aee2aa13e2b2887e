"""How often Tesla may be asked one thing: every story, robot and walk is held to it when it ends.

Each address has an allowance. It lets `at_once` calls through, and one more for every `then_every` that has passed;
so a loop is found within seconds of it, and a look that comes too often within the hour. The figures are the
cadences of the product's own rooms (`run_charge`, `domain/key_watch`), with room for a driver who presses twice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tesla_simulator.calls import Call

OUR_SITES: Final = ("fleet-auth", "na", "eu")
"""Where Chargekey itself asks; the driver's own pages are elsewhere."""


@dataclass(frozen=True)
class Allowance:
    """`at_once` calls, and one more for each `then_every`."""

    at_once: int
    then_every: timedelta


FREE_LOOK: Final = Allowance(16, timedelta(seconds=15))
"""A page that is watched looks every 15 s; waking and the guide's own looks come on top."""
KEY_LOOK: Final = Allowance(12, timedelta(seconds=10))
"""Every 3 s for the first half minute of the key page, every 10 s for five minutes, then calmly."""
PAID_LOOK: Final = Allowance(4, timedelta(seconds=60))
COMMAND: Final = Allowance(6, timedelta(seconds=20))
TOKEN: Final = Allowance(8, timedelta(seconds=20))
"""While our own side is red, its secret is tried each minute in each of two regions."""
ANYTHING_ELSE: Final = Allowance(4, timedelta(seconds=60))

BY_ENDING: Final[Mapping[str, Allowance]] = {
    "/vehicle_data": PAID_LOOK,
    "/fleet_status": KEY_LOOK,
    "/signed_command": COMMAND,
    "/oauth2/v3/token": TOKEN,
}


def allowed(path: str) -> Allowance:
    """By what the address ends in; a bare vehicle is the free look."""
    for ending, allowance in BY_ENDING.items():
        if path.endswith(ending):
            return allowance
    return FREE_LOOK if path.rpartition("/")[0].endswith("/vehicles") else ANYTHING_ELSE


def asked_too_often(calls: Iterable[Call]) -> list[str]:
    """One line for each address that was asked in a loop: where, when, and how many at once."""
    level: dict[tuple[str, str, str], float] = {}
    last: dict[tuple[str, str, str], datetime] = {}
    found: dict[tuple[str, str, str], str] = {}
    for call in calls:
        where = (call.site.strip("/"), call.method, call.path)
        if where[0] not in OUR_SITES:
            continue
        allowance = allowed(call.path)
        drained = (call.at - last.get(where, call.at)) / allowance.then_every
        level[where] = max(0.0, level.get(where, 0.0) - drained) + 1
        last[where] = call.at
        if level[where] > allowance.at_once:
            found.setdefault(where, f"{' '.join(where)} at {call.at:%H:%M:%S}: more than {allowance}")
    return list(found.values())
