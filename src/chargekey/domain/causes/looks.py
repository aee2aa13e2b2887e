"""The looks that can settle a cause, cheapest first, and how old a glance may be before it says nothing more.

A look at Tesla's list or at fleet status is free but counts towards the rate limit; the look at a car's battery is
billed and needs it awake, so no diagnosis ever asks for it (tesla-fleet-api §4, §9).
"""

from datetime import timedelta
from enum import StrEnum
from typing import Final


class Look(StrEnum):
    """In the order in which they are spent: our own side first, then what is free, then what counts."""

    TOKEN = "token"  # noqa: S105  the access token we hold: costs nothing to read
    OWN_KEY_FILE = "own_key_file"
    TESLA_HEALTH = "tesla_health"
    LIST = "list"
    KEY_STATUS = "key_status"
    MOBILE_ACCESS = "mobile_access"
    REGISTRATION = "registration"


GOOD_FOR: Final = {
    Look.TOKEN: timedelta(days=1),
    Look.OWN_KEY_FILE: timedelta(minutes=10),
    Look.TESLA_HEALTH: timedelta(minutes=15),
    Look.LIST: timedelta(minutes=5),
    Look.KEY_STATUS: timedelta(minutes=5),
    Look.MOBILE_ACCESS: timedelta(minutes=10),
    Look.REGISTRATION: timedelta(hours=6),
}
"""How long a look may rule something out. A sleeping car's state, a list of keys, a switch: each may have changed."""
