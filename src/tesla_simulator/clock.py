"""The time of the simulated world: system time plus an offset that is only ever turned forward.

The only room here that reads the system clock. Everything else is told the time.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime


def system_time() -> datetime:
    return datetime.now(UTC)


def dated(behind: timedelta) -> str:
    """What an answer's Date says: the system's time, for it is held against the asking machine's own."""
    return format_datetime(system_time() - behind, usegmt=True)


class TurnedClock:
    """Runs on at the pace of `system`; a test that wants time to stand still gives a `system` that does."""

    def __init__(self, offset: timedelta = timedelta(0), system: Callable[[], datetime] = system_time) -> None:
        self.offset = offset
        self._system = system

    @classmethod
    def showing(cls, moment: datetime, system: Callable[[], datetime] = system_time) -> "TurnedClock":
        return cls(moment - system(), system)

    def now(self) -> datetime:
        return self._system() + self.offset

    def turn_to(self, moment: datetime) -> None:
        """Never backward: a moment that has passed meanwhile changes nothing."""
        ahead = moment - self.now()
        if ahead > timedelta(0):
            self.offset += ahead
