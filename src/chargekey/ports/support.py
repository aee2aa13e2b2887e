"""Drivers who wrote to us: cases, messages, and who looked at them. All of it goes after thirty days.

What was written and what went along comes here sealed (`Envelope`): whoever reads the database reads none of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from chargekey.domain.support import Bundle, SupportCode, Word


class By(StrEnum):
    """Who wrote it."""

    DRIVER = "driver"
    AGENT = "agent"


class LookedAs(StrEnum):
    """What an agent did with a case; every one is written down."""

    READ = "read"
    LOOKED_AGAIN = "looked_again"
    ANSWERED = "answered"
    ASKED = "asked"
    SENT_THE_LINK = "sent_the_link"
    JUDGED = "judged"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, repr=False)
class SupportCase:
    """One driver's trouble. `sent_at` None: it was shown to him and not sent; nobody else sees it.

    `contents` is the sealed bundle. `named`: the cause that stood first; `truly`: which it was, as an agent found.
    """

    id: int
    driver_id: int
    code: SupportCode
    made_at: datetime
    sent_at: datetime | None
    closed_at: datetime | None
    contents: bytes
    named: Word | None
    truly: Word | None


@dataclass(frozen=True, slots=True, repr=False)
class Message:
    """`text` is sealed. `mailed_at`: when the answer left for the driver, or the agents were called for his message."""

    id: int
    case_id: int
    at: datetime
    by: By
    text: bytes
    mailed_at: datetime | None


@dataclass(frozen=True, slots=True)
class LookedAt:
    """`agent` is the mail address of the one who looked, None: has left since."""

    at: datetime
    what: LookedAs
    agent: str | None


@dataclass(frozen=True, slots=True, repr=False)
class Waiting:
    """A case in the queue. `since`: the driver's oldest message that nobody has answered."""

    case: SupportCase
    since: datetime


class Envelope(Protocol):
    """Seals what driver and agent write to each other. What was moved or changed, or lost its key, does not open."""

    def seal_text(self, text: str, code: SupportCode, at: datetime) -> bytes:
        """Bound to its case and moment."""

    def open_text(self, sealed: bytes, code: SupportCode, at: datetime) -> str | None:
        """The text again, None: it does not open."""

    def seal_bundle(self, bundle: Bundle, code: SupportCode) -> bytes:
        """Bound to its case."""

    def open_bundle(self, sealed: bytes, code: SupportCode) -> Bundle | None:
        """The bundle again, None: it does not open."""


class SupportCases(Protocol):
    """Cases by their code."""

    async def draft(self, driver_id: int, code: SupportCode, contents: bytes, now: datetime) -> SupportCase | None:
        """Written down as it is shown to the driver; None: the code is taken."""

    async def case(self, code: SupportCode) -> SupportCase | None:
        """Sent or not, None if there is none."""

    async def by_id(self, case_id: int) -> SupportCase | None:
        """By number, None: it is erased."""

    async def of_driver(self, driver_id: int) -> SupportCase | None:
        """The one he sent last, None if there is none that is kept."""

    async def waiting(self) -> Sequence[Waiting]:
        """Sent, not closed, and the last word is the driver's; who waits longest comes first."""

    async def answered(self, limit: int) -> Sequence[SupportCase]:
        """Sent, not closed, and the last word is ours; the newest first."""

    async def send(self, case_id: int, contents: bytes, named: Word | None, now: datetime) -> None:
        """The driver pressed send; what he unticked is in `contents` no more."""

    async def renew(self, case_id: int, contents: bytes) -> None:
        """A later look in place of the earlier."""

    async def write(self, case_id: int, by: By, text: bytes, now: datetime) -> Message:
        """One more message; a closed case is open again."""

    async def messages(self, case_id: int) -> Sequence[Message]:
        """In their order."""

    async def message(self, message_id: int) -> Message | None:
        """By number, None: it is erased."""

    async def mailed(self, message_id: int, now: datetime) -> None:
        """The mail with it has left."""

    async def log_look(self, case_id: int, agent_id: int, what: LookedAs, now: datetime) -> None:
        """An agent did this."""

    async def looks(self, case_id: int) -> Sequence[LookedAt]:
        """In their order."""

    async def judge(self, case_id: int, truly: Word, now: datetime) -> None:
        """Which cause it was. What was named and what it was is counted beyond the case, without its driver."""

    async def judged(self) -> Sequence[tuple[Word | None, Word, int]]:
        """What was named, what it was, and how often."""

    async def close(self, case_id: int, now: datetime) -> None:
        """Nothing more to say."""

    async def erase(self, case_id: int) -> None:
        """With all its messages and looks."""
