"""When to look whether the key has arrived. Tesla tells nobody, so somebody has to look.

While the page is open: every 3 s for 30 s after the driver came back to it, else every 10 s for the first
5 minutes, then every 60 s. Closed: 5, 15 and 60 minutes after closing, then hourly for a day, then not at all.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

EAGER: Final = (timedelta(seconds=30), timedelta(seconds=3))
BRISK: Final = (timedelta(minutes=5), timedelta(seconds=10))
CALM: Final = timedelta(seconds=60)
AFTER_CLOSING: Final = (
    timedelta(minutes=5),
    timedelta(minutes=15),
    *(timedelta(hours=hours) for hours in range(1, 25)),
)
COUNTS_AS_OPEN_FOR: Final = timedelta(seconds=25)
"""A page says every ten seconds that it is open; two missed beats and it counts as closed."""


@dataclass(frozen=True, slots=True)
class KeyWatch:
    """What we know of the driver's key page. `returned_at`: he came back to it from another app."""

    opened_at: datetime
    last_open_at: datetime
    returned_at: datetime | None


def is_open(watch: KeyWatch, now: datetime) -> bool:
    """Whether some page of the driver shows the key step just now."""
    return now - watch.last_open_at < COUNTS_AS_OPEN_FOR


def next_look(watch: KeyWatch, now: datetime) -> datetime | None:
    """The next moment to look, after a look at `now`; None when a day has passed since the page was closed."""
    if is_open(watch, now):
        return now + _pause(watch, now)
    return next((at for after in AFTER_CLOSING if (at := watch.last_open_at + after) > now), None)


def _pause(watch: KeyWatch, now: datetime) -> timedelta:
    eager_for, eager = EAGER
    if watch.returned_at and now - watch.returned_at < eager_for:
        return eager
    brisk_for, brisk = BRISK
    return brisk if now - watch.opened_at < brisk_for else CALM
