"""Durable timers: when to look again at something.

Setting a key again moves it; one runs at a time for each key; failures back off, and after ten the timer is
parked where an operator sees it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Work(StrEnum):
    """What a timer is for; its key is the number of what it is about."""

    LOOK_FOR_KEY = "look_for_key"
    PROVE_KEY = "prove_key"
    TEND_VEHICLE = "tend_vehicle"


@dataclass(frozen=True, slots=True)
class Due:
    """A timer that was claimed: ours until `lease` is returned or runs out."""

    work: Work
    key: int
    due_at: datetime
    attempts: int
    lease: str


@dataclass(frozen=True, slots=True)
class Parked:
    """A timer given up after ten failures, for the operator to see."""

    work: Work
    key: int
    due_at: datetime
    attempts: int
    parked_at: datetime
    last_error: str


class Timers(Protocol):
    """Setting timers, within the unit of work that asks for them."""

    async def set(self, work: Work, key: int, due_at: datetime) -> None:
        """Set or move. A timer that runs just now is moved too, and runs again at `due_at`."""

    async def set_no_later(self, work: Work, key: int, due_at: datetime) -> None:
        """Set, or move nearer; an earlier one stays."""

    async def cancel(self, work: Work, key: int) -> None:
        """Drop it. Dropping what is not there is fine."""

    async def due_at(self, work: Work, key: int) -> datetime | None:
        """When it is due, None if it is not set."""
