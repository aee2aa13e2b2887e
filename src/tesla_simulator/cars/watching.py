"""How a car is looked at while time passes for it: at the ends of the half seconds its collector runs in (§8.1).

Rules of this room:

1. A look sees the car as it stands at the end of a bucket. What changes there and then is seen in the next one.
2. Whatever happens to the car is looked at, and besides it whenever the watcher has asked to look again: a clock that
   jumps shows the same looks as one that runs.
"""

from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from tesla_simulator.cars.charging import live_on
from tesla_simulator.cars.record import CarRecord

BUCKET: Final = timedelta(milliseconds=500)
NEVER: Final = datetime.max.replace(tzinfo=UTC)
_BUCKET_MICROSECONDS: Final = BUCKET // timedelta(microseconds=1)


class Watcher(Protocol):
    """Whoever wants to know how a car is on the way."""

    def watches(self, vin: str) -> bool:
        """False: nobody wants to know of this car."""

    def looks(self, car: CarRecord, has_happened: bool) -> datetime:
        """At the end of a bucket. Returns when to look again if nothing happens till then, or `NEVER`.

        `has_happened` False: since the last look time has passed, and nothing else.
        """


def bucket_end(moment: datetime) -> datetime:
    """The end of the bucket that this moment is in: the moment itself if it is one."""
    over = moment.microsecond % _BUCKET_MICROSECONDS
    return moment + timedelta(microseconds=_BUCKET_MICROSECONDS - over) if over else moment


def live_watched(car: CarRecord, moment: datetime, watcher: Watcher) -> None:
    """As `live_until`. What has been done to the car since it last lived is seen at the end of that bucket."""
    look_at, has_happened = bucket_end(car.settled_at + timedelta(microseconds=1)), True
    while True:
        if car.settled_at == look_at:
            look_at, has_happened = watcher.looks(car, has_happened), False
        if car.settled_at >= moment:
            return
        has_happened = live_on(car, min(moment, look_at)) or has_happened
        if has_happened:
            look_at = min(look_at, bucket_end(car.settled_at))
