"""What a driver allows us at Tesla: scopes, what each is for, which are required.

`vehicle_cmds` is never asked for: with it we could unlock and start a car, and we have no use for that.
"""

from enum import StrEnum
from typing import Final


class Scope(StrEnum):
    """A permission by Tesla's wire name. Scopes we do not know are not ours to use and are dropped."""

    OPENID = "openid"
    OFFLINE_ACCESS = "offline_access"
    VEHICLE_DEVICE_DATA = "vehicle_device_data"
    VEHICLE_CHARGING_CMDS = "vehicle_charging_cmds"
    VEHICLE_LOCATION = "vehicle_location"


REQUIRED: Final = frozenset(
    {Scope.OPENID, Scope.OFFLINE_ACCESS, Scope.VEHICLE_DEVICE_DATA, Scope.VEHICLE_CHARGING_CMDS}
)
ASKED: Final = (*sorted(REQUIRED), Scope.VEHICLE_LOCATION)
"""In the order in which we ask; without the location, plugged in means at home."""

ASKED_OF_OWNERS: Final = (Scope.OPENID, Scope.VEHICLE_DEVICE_DATA)
"""Tesla's app takes a key for a name that its account allowed one of three scopes; this is the one that changes nothing
(tesla-fleet-api §7). Without `offline_access`, and with the code thrown away, we never get a token for it."""


def missing(scopes: frozenset[Scope]) -> tuple[Scope, ...]:
    """The required scopes that were not given, in the order of `ASKED`."""
    return tuple(scope for scope in ASKED if scope in REQUIRED and scope not in scopes)


def known(names: frozenset[str]) -> frozenset[Scope]:
    """Those of Tesla's names that we have a use for."""
    return frozenset(scope for scope in Scope if scope.value in names)
