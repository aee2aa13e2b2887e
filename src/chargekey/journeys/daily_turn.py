"""When an account has its look of the day: each at a minute of its own, so that they do not come at once."""

from datetime import datetime, timedelta
from typing import Final

A_DAY: Final = timedelta(days=1)
WITHOUT_A_CAR: Final = timedelta(days=30)
"""For an account whose car is not in our care: often enough that its sign-in never runs out (90 days)."""
UNTIL_A_CAR: Final = timedelta(hours=1)
"""For an account of which no car is chosen, on its first day; then once a day for a month: one may yet come."""
MINUTES_A_DAY: Final = 24 * 60
SCATTER: Final = 617
"""Prime to the minutes of a day, so that accounts one after the other look far apart."""


def next_turn(grant_id: int, now: datetime, pause: timedelta = A_DAY) -> datetime:
    """The account's own minute of the day, half a day before the pause is over at the earliest."""
    earliest = now + pause - A_DAY / 2
    midnight = earliest.replace(hour=0, minute=0, second=0, microsecond=0)
    at = midnight + timedelta(minutes=grant_id * SCATTER % MINUTES_A_DAY)
    return at if at >= earliest else at + A_DAY


def next_look_for_a_car(grant_id: int, since: datetime | None, now: datetime) -> datetime:
    """Of an account of which no car is chosen. `since`: its driver's last trip to Tesla; None: counts as long ago."""
    waits = now - since if since else WITHOUT_A_CAR
    if waits < A_DAY:
        return now + UNTIL_A_CAR
    return next_turn(grant_id, now, A_DAY if waits < WITHOUT_A_CAR else WITHOUT_A_CAR)
