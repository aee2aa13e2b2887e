"""What a cause is: something wrong that has a name and somebody who can mend it.

Rules of this room:

1. A cause holds no sentences. Its words are in the catalogue of messages under ids made of its own id:
   `cause.C5.name`, `cause.C5.what`, and the reasons of its signal under `reason.C5.…`.
2. A signal is pure: the case in, a verdict out, with the reason and the moment it rests on. What nobody has looked
   at is unknown, what was looked at too long ago is unknown again; only fresh evidence rules a cause out.
3. What no evidence can show is never ruled out: the driver's answers move its weight (`answers`) and no more.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from chargekey.domain.causes.case import Case
from chargekey.domain.causes.looks import Look
from chargekey.domain.causes.questions import Answer, Question
from chargekey.domain.causes.remedies import Remedy
from chargekey.domain.causes.verdict import Verdict


class Who(StrEnum):
    """Who can mend it. The order is the order of the screen: what is the driver's own comes first."""

    DRIVER = "driver"
    OWNER = "owner"
    FLEET_ADMIN = "fleet_admin"
    OPERATOR = "operator"
    US = "us"
    TESLA = "tesla"
    NOBODY = "nobody"


class Where(StrEnum):
    """Where it is mended. One walk to the car, one look at the phone: the screen groups by it."""

    ACCOUNT = "account"
    PHONE = "phone"
    CAR = "car"
    ELSEWHERE = "elsewhere"


class Stage(StrEnum):
    """The part of the way that a cause stands in."""

    CONSENT = "consent"
    CHOICE = "choice"
    KEY = "key"
    CHARGING = "charging"


class Hold(StrEnum):
    """What a present cause does to the next action of its stage."""

    FORBIDS = "forbids"
    """The link cannot work while this holds, so it is not offered."""
    LETS = "lets"
    """The link may be tried, or is the very remedy."""
    WAITS = "waits"
    """Nothing to be done by anybody here: time or Tesla mends it, and we look again by ourselves."""
    ENDS = "ends"
    """It cannot be mended: what still works goes on, and nobody is reminded."""


@dataclass(frozen=True, slots=True)
class Retry:
    """When we look again by ourselves. `every` None: only when somebody says that he did something."""

    every: timedelta | None
    at_most: int = 0


BY_HAND: Final = Retry(None)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a claim comes from: a document or thread, and the day on which it was last read."""

    name: str
    read_on: date


@dataclass(frozen=True, slots=True)
class Cause:
    """One entry of the catalogue.

    `prior`: how often it is the reason when nothing at all is known, as a weight among the causes of its stage
    (a judgement from the public threads that `sources` name, to be corrected by outcomes). `answers`: of a hundred
    drivers with this cause, how many would answer so; the answers not named share `RARELY`. `settled_by`: the looks
    that can tell, cheapest first; empty where nothing on the wire can. `siblings` names the class of causes that
    nothing can part, which share one order of remedies. `also_at`: further stages that it stops all the same.
    """

    id: str
    stage: Stage
    who: Who
    where: Where
    hold: Hold
    signal: Callable[[Case], Verdict]
    remedies: tuple[Remedy, ...]
    sources: tuple[Source, ...]
    prior: int = 0
    retry: Retry = BY_HAND
    settled_by: tuple[Look, ...] = ()
    answers: Mapping[Question, Mapping[Answer, int]] = field(default_factory=dict)
    siblings: str | None = None
    also_at: frozenset[Stage] = frozenset()

    def stands_in(self, stage: Stage) -> bool:
        return stage is self.stage or stage in self.also_at

    @property
    def can_be_got_past(self) -> bool:
        """Whether the driver may try all the same, by something that is his own to do."""
        return not ON_HIS_OWN.isdisjoint(self.remedies)

    @property
    def is_unseen(self) -> bool:
        """Whether nothing on the wire can tell; only the driver could."""
        return not self.settled_by


ON_HIS_OWN: Final = frozenset({Remedy.HOLD_KEY_CARD, Remedy.REPAIR_PERMISSIONS})
"""How a driver goes on by himself although something stands in the way: in the car, or by asking Tesla anew."""
RARELY: Final = 6
"""Of a hundred drivers, those whose answer nobody would expect, whichever it is: people misread, and nothing true is
ruled out by a word."""
