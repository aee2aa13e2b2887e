"""What Tesla told us to leave alone, and for how long: nothing is sent meanwhile.

Rules of this room:

1. A limit on our app stops every call on a driver's behalf, until Tesla lets the app itself in again or
   `LIMIT_LASTS` is over and one call finds out.
2. A rate limit stops what it was about: one car, or, where no car was asked for, the whole account.
3. Kept in memory alone: after a restart one call finds out again.
"""

import re
from datetime import datetime, timedelta
from typing import Final

from chargekey.ports.clock import Clock
from chargekey.ports.faults import Fault, OverLimit, TooOften

LIMIT_LASTS: Final = timedelta(minutes=15)
"""TeslaMate leaves a disabled app alone for as long (tesla-fleet-api §6.1)."""
_CAR: Final = re.compile(r"^/api/1/vehicles/([A-HJ-NPR-Z0-9]{17})(?:/|$)")


class Patience:
    """One for all calls of a process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._limited_until: datetime | None = None
        self._quiet_until: dict[tuple[int, str], datetime] = {}

    def must_not_wait(self, grant_id: int, path: str) -> None:
        """Raises `OverLimit` or `TooOften` for what would only be refused again."""
        now = self._clock.now()
        if self._limited_until and now < self._limited_until:
            raise OverLimit("not asked: our app is over its limit")
        for about in {(grant_id, ""), (grant_id, _car(path))}:
            until = self._quiet_until.get(about)
            if until is None:
                continue
            if now < until:
                raise TooOften("not asked: Tesla wants us to wait", wait=until - now)
            del self._quiet_until[about]

    def heed(self, grant_id: int, path: str, fault: Fault) -> None:
        """What Tesla answered to a call, where it says when to come again."""
        now = self._clock.now()
        if isinstance(fault, OverLimit):
            self._limited_until = now + LIMIT_LASTS
        elif isinstance(fault, TooOften):
            self._quiet_until[grant_id, _car(path)] = now + fault.wait

    def limit_is_lifted(self) -> None:
        """Tesla let our app in."""
        self._limited_until = None


def _car(path: str) -> str:
    found = _CAR.match(path)
    return found[1] if found else ""
