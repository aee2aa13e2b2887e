"""When an account has its look of the day: each at a minute of its own, so that they do not come at once."""

from datetime import datetime, timedelta
from typing import Final

A_DAY: Final = timedelta(days=1)
MINUTES_A_DAY: Final = 24 * 60
SCATTER: Final = 617
"""Prime to the minutes of a day, so that accounts one after the other look far apart."""


def next_turn(grant_id: int, now: datetime, pause: timedelta = A_DAY) -> datetime:
    """The account's own minute of the day, half a day before the pause is over at the earliest."""
    earliest = now + pause - A_DAY / 2
    midnight = earliest.replace(hour=0, minute=0, second=0, microsecond=0)
    at = midnight + timedelta(minutes=grant_id * SCATTER % MINUTES_A_DAY)
    return at if at >= earliest else at + A_DAY
