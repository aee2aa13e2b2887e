"""Writing to us, and the console in which it is answered."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from chargekey.domain.causes.questions import Question
from chargekey.domain.causes.remedies import Remedy
from chargekey.domain.support import CarLine, HappenedLine, SupportCode, Word
from chargekey.entrypoints.web.screens.frame import Part
from chargekey.journeys.get_support import Thread
from chargekey.ports.support import LookedAt


class NotSent(StrEnum):
    """Why a message stayed here."""

    NOTHING_SAID = "nothing_said"
    SHOWN_TOO_LONG_AGO = "shown_too_long_ago"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class TickLine:
    """A line that goes along as long as it is ticked."""

    number: int
    label: str
    text: str
    is_ticked: bool = True


@dataclass(frozen=True, slots=True)
class WriteToUs:
    """The message and what goes along. `typed` is kept where it could not be sent, for the reason `wrong`."""

    template: ClassVar[str] = "help/write.html"
    code: SupportCode
    lines: tuple[TickLine, ...]
    next_part: Part | None
    typed: str = ""
    wrong: NotSent | None = None
    goes_along: bool = True


@dataclass(frozen=True, slots=True)
class Written:
    """What was written and answered."""

    template: ClassVar[str] = "help/thread.html"
    thread: Thread


@dataclass(frozen=True, slots=True)
class WriteMore:
    """One more message in the same case."""

    template: ClassVar[str] = "help/more.html"
    thread: Thread
    typed: str = ""
    wrong: NotSent | None = None


@dataclass(frozen=True, slots=True)
class QueueLine:
    """`since` None: it is answered. `name`: the cause that stands first, in words."""

    code: SupportCode
    since: datetime | None
    name: str
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class CauseRow:
    """`is_there`: seen, and not only thought."""

    name: str
    id: str
    certainty: str
    why: str
    seen_at: datetime | None
    is_there: bool


@dataclass(frozen=True, slots=True)
class HappenedRow:
    """One moment of the flow, and its words."""

    line: HappenedLine
    text: str


@dataclass(frozen=True, slots=True)
class CaseShown:
    """One case, read. `rest`: the lines that have no place of their own on the page. `catalogue`: ids and names."""

    code: SupportCode
    sent_at: datetime
    erased_at: datetime
    locale: str
    is_closed: bool
    cars: tuple[CarLine, ...]
    step: str
    question: Question | None
    asked: str
    causes: tuple[CauseRow, ...]
    told: tuple[Remedy, ...]
    happened: tuple[HappenedRow, ...]
    rest: tuple[TickLine, ...]
    held_back: tuple[str, ...]
    thread: Thread
    looks: tuple[LookedAt, ...]
    truly: Word | None
    catalogue: tuple[tuple[str, str], ...]
    for_tesla: str
    for_owner: str


@dataclass(frozen=True, slots=True)
class Console:
    """The queue, and one case if one is open. `wrong`: no case has the code that was typed."""

    template: ClassVar[str] = "console.html"
    queue: tuple[QueueLine, ...]
    case: CaseShown | None = None
    wrong: str = ""
    said_nothing: bool = False
