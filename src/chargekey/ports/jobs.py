"""Durable timers: when to look again at something.

Setting a key again moves it; one runs at a time for each key; failures back off, and after ten the timer is
parked where an operator sees it.
"""

from collections.abc import Collection, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol


class Key(StrEnum):
    """Whose number a timer's key is."""

    VEHICLE = "vehicle"
    GRANT = "grant"
    NOTICE = "notice"
    SUPPORT_CASE = "support_case"
    SUPPORT_MESSAGE = "support_message"
    HOME = "home"
    """Of the whole home there is one, and its number is 0."""
    MARKET = "market"
    """Its place among those that are set, from 0 on."""


class Work(StrEnum):
    """What a timer is for; its key is the number of what it is about."""

    LOOK_FOR_KEY = "look_for_key"
    PROVE_KEY = "prove_key"
    TEND_VEHICLE = "tend_vehicle"
    TELL_OF_OWNER = "tell_of_owner"
    WAIT_OUT = "wait_out"
    WATCH_TESLA = "watch_tesla"
    STAY_CONNECTED = "stay_connected"
    SEND_NOTICE = "send_notice"
    PUSH_NOTICE = "push_notice"
    FORGET_CALLS = "forget_calls"
    MAIL_ANSWER = "mail_answer"
    CALL_AGENTS = "call_agents"
    ERASE_SUPPORT_CASE = "erase_support_case"
    CHECK_OPERATOR = "check_operator"
    LET_ACCOUNT_GO = "let_account_go"
    CLEAR_CAR = "clear_car"
    FETCH_PRICES = "fetch_prices"
    FETCH_CARBON = "fetch_carbon"
    BOOK_NIGHTS = "book_nights"
    TELL_TO_STREAM = "tell_to_stream"


KEYS: Final[Mapping[Work, Key]] = {
    Work.WATCH_TESLA: Key.HOME,
    Work.STAY_CONNECTED: Key.GRANT,
    Work.SEND_NOTICE: Key.NOTICE,
    Work.PUSH_NOTICE: Key.NOTICE,
    Work.FORGET_CALLS: Key.HOME,
    Work.MAIL_ANSWER: Key.SUPPORT_MESSAGE,
    Work.CALL_AGENTS: Key.SUPPORT_MESSAGE,
    Work.ERASE_SUPPORT_CASE: Key.SUPPORT_CASE,
    Work.CHECK_OPERATOR: Key.HOME,
    Work.LET_ACCOUNT_GO: Key.GRANT,
    Work.FETCH_PRICES: Key.MARKET,
    Work.FETCH_CARBON: Key.HOME,
}
"""Every other work is about a vehicle."""


def key_of(work: Work) -> Key:
    return KEYS.get(work, Key.VEHICLE)


@dataclass(frozen=True, slots=True)
class Due:
    """A timer that was claimed: ours until `lease` is returned or runs out."""

    work: Work
    key: int
    due_at: datetime
    attempts: int
    lease: str


HOLDS: Final[ContextVar[Due | None]] = ContextVar("holds", default=None)
"""What the running task was started for; None outside of a worker."""


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
        """Set, or move nearer; an earlier one stays, unless it runs just now: then it runs again at `due_at`."""

    async def cancel(self, work: Work, key: int) -> None:
        """Drop it. Dropping what is not there is fine."""

    async def bring_forward(self, works: Collection[Work], due_at: Mapping[int, datetime]) -> None:
        """For each key what it waits for is due then, where it was due later. What is not set stays so."""

    async def hold_on(self) -> bool:
        """What this task was started for is ours for a whole lease more. Outside of a worker nothing is held.

        Returns whether somebody may have set it again since: then there is more to know than what it began with.
        Raises `TakenOver` where the timer is another worker's by now, or gone.
        """

    async def run_again(self, work: Work, key: int, due_at: datetime) -> None:
        """For whoever was started for it: hold on to it, and run again at `due_at`.

        Where somebody set it meanwhile for an earlier time, that stands: he asked for what this run has not seen.
        Raises `TakenOver` as `hold_on` does. Outside of a worker it is set.
        """

    async def due_at(self, work: Work, key: int) -> datetime | None:
        """When it is due, None if it is not set."""
