"""What goes along when a driver writes to us: lines that cannot hold what is nobody's business.

Rules of this room:

1. Redaction is by type. A line is made of numbers, moments, the domain's own words (enums) and short texts that are
   checked where they are made (`Shaped`). No line has room for a token, a mail address, a place or a whole VIN.
2. The driver sees every line before it leaves, and what he unticks is not kept anywhere (`Bundle.without`).
3. A fresh look by an agent adds nothing of a kind of which the driver held a line back (`Bundle.held_back`).
4. No sentences here: a line's words are the pages' matter.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Final, Literal, TypeVar, get_args

from chargekey.domain.causes.questions import Answer, Question
from chargekey.domain.causes.remedies import Remedy
from chargekey.domain.causes.verdict import Certainty
from chargekey.domain.delivery import Delivery
from chargekey.domain.diagnosis import Odds
from chargekey.domain.evidence import Fact, Source, SubjectKind
from chargekey.domain.findings import Device
from chargekey.domain.grant import Scope
from chargekey.domain.journey import Step
from chargekey.domain.night import Order
from chargekey.domain.tesla_health import Weather
from chargekey.domain.vehicle import Access, KeyNeed, Reach, Vin

KEPT_FOR: Final = timedelta(days=30)
"""From the driver's first message on; then the whole case is erased, whatever became of it."""
UNSENT_FOR: Final = timedelta(hours=1)
"""How long what was shown and not sent is kept, so that what leaves is what was seen."""
MOST_HAPPENED: Final = 20
MOST_CALLS: Final = 20
MOST_ORDERS: Final = 10
MOST_CARS: Final = 5
MOST_CAUSES: Final = 8
LONGEST_MESSAGE: Final = 4000


# ── short texts, checked where they are made ─────────────────────────


class HoldsMore(ValueError):
    """The text is not of its shape, so it could be anything; it is not repeated here."""


@dataclass(frozen=True, slots=True)
class Shaped:
    """A short text that matches the shape of its kind, and so cannot be a secret, a name or a place."""

    text: str
    shape: ClassVar[str] = r"(?!)"

    def __post_init__(self) -> None:
        if not re.fullmatch(self.shape, self.text):
            raise HoldsMore(f"not a {type(self).__name__}")

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class SupportCode(Shaped):
    """What a driver says on the phone: where he stood, the car's last four, and four figures of chance."""

    shape: ClassVar[str] = r"[A-Z]{3}-[0-9A-Z]{4}-[0-9]{4}"


@dataclass(frozen=True, slots=True)
class LastFour(Shaped):
    """The end of a VIN."""

    shape: ClassVar[str] = r"[0-9A-Z]{4}"


@dataclass(frozen=True, slots=True)
class Model(Shaped):
    """What kind of car."""

    shape: ClassVar[str] = r"Model [S3XY]|Roadster|Cybertruck|Semi|Tesla"


@dataclass(frozen=True, slots=True)
class Firmware(Shaped):
    """The car's software, such as 2026.38.2."""

    shape: ClassVar[str] = r"\d{4}(\.\d{1,4}){1,5}"


@dataclass(frozen=True, slots=True)
class RequestId(Shaped):
    """Tesla's own number of a call: hexadecimal, so no token (whose letters go further), and not as long as a VIN."""

    shape: ClassVar[str] = r"(?![0-9a-fA-F-]{17}$)[0-9a-fA-F-]{1,64}"


@dataclass(frozen=True, slots=True)
class Word(Shaped):
    """A name of our own making: a kind of fact, a class of calls, a region, a Fault, a cause."""

    shape: ClassVar[str] = r"[A-Z]\d{1,2}|([A-Z][a-z]{1,15}){1,5}|[a-z]{1,16}(_[a-z]{1,15}){0,5}"


@dataclass(frozen=True, slots=True)
class Value(Shaped):
    """What fills a cause's words: a count, the end of another car's VIN, a model."""

    shape: ClassVar[str] = rf"\d{{1,7}}|[0-9A-Z]{{4}}|{Model.shape}"


@dataclass(frozen=True, slots=True)
class Locale(Shaped):
    """The language and place that his browser asks for."""

    shape: ClassVar[str] = r"[a-z]{2,3}([-_][A-Z]{2})?"


@dataclass(frozen=True, slots=True)
class Zone(Shaped):
    """A region's time zone, as coarse as the clock itself needs."""

    shape: ClassVar[str] = r"UTC|[A-Z][A-Za-z]{1,15}(/[A-Z][A-Za-z_-]{1,25}){1,2}"


@dataclass(frozen=True, slots=True)
class Version(Shaped):
    """Our own version, and eight figures of a fingerprint of the settings."""

    shape: ClassVar[str] = r"[0-9a-z.+]{1,20} [0-9a-f]{8}"


S = TypeVar("S", bound=Shaped)


def shaped(kind: type[S], text: str | None) -> S | None:
    """The text if it has that shape; None says no more than that there was something else, or nothing."""
    return kind(text) if text is not None and re.fullmatch(kind.shape, text) else None


class Browser(StrEnum):
    """What the driver reads us with, no finer than this."""

    SAFARI = "safari"
    CHROME = "chrome"
    FIREFOX = "firefox"
    EDGE = "edge"
    OTHER = "other"


# ── the lines ────────────────────────────────────────────────────────

Part = Literal[
    "reader", "step", "permissions", "car", "told", "cause", "excluded", "next_question", "happened", "call", "order",
    "operator", "tesla", "version",
]  # fmt: skip
PARTS: Final[tuple[Part, ...]] = get_args(Part)
"""In the order in which they are read."""
Atom = bool | int | Word


@dataclass(frozen=True, slots=True)
class Detail:
    """One part of a fact by its name."""

    name: Word
    values: tuple[Atom, ...]


@dataclass(frozen=True, slots=True)
class ReaderLine:
    """On what he reads us."""

    device: Device
    browser: Browser
    locale: Locale | None
    zone: Zone | None
    part: Literal["reader"] = "reader"


@dataclass(frozen=True, slots=True)
class StepLine:
    """Where in the guide he stands."""

    step: Step
    part: Literal["step"] = "step"


@dataclass(frozen=True, slots=True)
class PermissionsLine:
    """`received` None: never connected. `renewed_at`: when the token in use was fetched. `ended_at`: Tesla ended it."""

    asked: tuple[Scope, ...]
    received: tuple[Scope, ...] | None
    renewed_at: datetime | None
    ended_at: datetime | None
    part: Literal["permissions"] = "permissions"


@dataclass(frozen=True, slots=True)
class CarLine:
    """One car of the account. None: not said by Tesla."""

    model: Model | None
    last_four: LastFour
    is_chosen: bool
    access: Access
    reach: Reach
    in_service: bool
    need: KeyNeed
    keys_on_car: int | None
    firmware: Firmware | None
    listed_at: datetime | None
    key_seen_at: datetime | None
    part: Literal["car"] = "car"


@dataclass(frozen=True, slots=True)
class ToldLine:
    """What our pages tell him to do just now, best first."""

    remedies: tuple[Remedy, ...]
    part: Literal["told"] = "told"


@dataclass(frozen=True, slots=True)
class CauseLine:
    """A cause that is there or may be, in its rank. `odds` None: it is there."""

    cause: Word
    certainty: Certainty
    reason: Word | None
    values: tuple[tuple[Word, Value], ...]
    seen_at: datetime | None
    odds: Odds | None
    part: Literal["cause"] = "cause"


@dataclass(frozen=True, slots=True)
class ExcludedLine:
    """All causes ruled out, and those of which nothing is known."""

    ruled_out: tuple[Word, ...]
    unknown: tuple[Word, ...]
    part: Literal["excluded"] = "excluded"


@dataclass(frozen=True, slots=True)
class NextQuestionLine:
    """What to ask next, None: nothing tells more; and what was answered so far."""

    question: Question | None
    answered: Mapping[Question, Answer]
    part: Literal["next_question"] = "next_question"


@dataclass(frozen=True, slots=True)
class HappenedLine:
    """One observation of the flow."""

    at: datetime
    about: SubjectKind
    source: Source
    what: Word
    details: tuple[Detail, ...]
    part: Literal["happened"] = "happened"


@dataclass(frozen=True, slots=True)
class CallLine:
    """One call to Tesla. `status` None: no answer came."""

    at: datetime
    what: Word | None
    status: int | None
    fault: Word | None
    request_id: RequestId | None
    took_ms: int
    region: Word | None
    last_four: LastFour | None
    part: Literal["call"] = "call"


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One command to the car."""

    at: datetime
    order: Order
    delivery: Delivery
    current_a: int | None
    settled_at: datetime | None
    why: Word | None
    part: Literal["order"] = "order"


@dataclass(frozen=True, slots=True)
class OperatorLine:
    """One result of our own side's check."""

    at: datetime
    what: Word
    details: tuple[Detail, ...]
    part: Literal["operator"] = "operator"


@dataclass(frozen=True, slots=True)
class TeslaLine:
    """How Tesla itself is, as far as our calls tell."""

    weather: Weather
    since: datetime | None
    asked: int
    failing: int
    part: Literal["tesla"] = "tesla"


@dataclass(frozen=True, slots=True)
class VersionLine:
    """Ours, and a fingerprint of the settings without their secrets."""

    version: Version | None
    part: Literal["version"] = "version"


Line = (
    ReaderLine
    | StepLine
    | PermissionsLine
    | CarLine
    | ToldLine
    | CauseLine
    | ExcludedLine
    | NextQuestionLine
    | HappenedLine
    | CallLine
    | OrderLine
    | OperatorLine
    | TeslaLine
    | VersionLine
)


@dataclass(frozen=True, slots=True)
class Bundle:
    """All lines, in the order in which they are read."""

    made_at: datetime
    lines: tuple[Line, ...]
    held_back: frozenset[Part] = frozenset()

    def without(self, unticked: Collection[int]) -> "Bundle":
        """What is left when the lines with these numbers are unticked."""
        kept = tuple(line for number, line in enumerate(self.lines) if number not in unticked)
        held = frozenset(line.part for number, line in enumerate(self.lines) if number in unticked)
        return replace(self, lines=kept, held_back=self.held_back | held)

    def renewed(self, fresh: "Bundle") -> "Bundle":
        """A later look, but for the kinds of which something was held back: of those, what was sent stays."""
        renewable = {line.part for line in fresh.lines} - self.held_back
        kept = tuple(line for line in self.lines if line.part not in renewable)
        new = tuple(line for line in fresh.lines if line.part not in self.held_back)
        lines = tuple(sorted((*kept, *new), key=lambda one: PARTS.index(one.part)))
        return Bundle(fresh.made_at, lines, self.held_back)

    @property
    def named(self) -> Word | None:
        """The cause that stands first, None: none was sent."""
        return next((line.cause for line in self.lines if isinstance(line, CauseLine)), None)


# ── what a fact may tell ─────────────────────────────────────────────

OUR_NUMBERS: Final = frozenset({"vehicle_id"})


def details(fact: Fact) -> tuple[Detail, ...]:
    """The parts of a fact that can be told, by their type: numbers, yes or no, our own words and version numbers.

    Free text (a car's name, Tesla's words) is left out, and so is any fraction: a coordinate is one.
    """
    told = {one.name: _atoms(getattr(fact, one.name)) for one in fields(fact) if one.name not in OUR_NUMBERS}
    return tuple(Detail(Word(name), atoms) for name, atoms in told.items() if atoms)


def _atoms(value: object) -> tuple[Atom, ...]:
    if isinstance(value, bool | int):
        return (value,)
    if isinstance(value, StrEnum):
        return (Word(value.value),) if re.fullmatch(Word.shape, value.value) else ()
    if isinstance(value, Mapping):
        return tuple(atom for pair in value.items() for one in pair for atom in _atoms(one))
    if isinstance(value, frozenset | tuple):
        return tuple(sorted((atom for one in value for atom in _atoms(one)), key=str))
    return ()


_LETTERS: Final[Mapping[Step, str]] = {
    Step.GRANT_PERMISSIONS: "CON",
    Step.COMPLETE_PERMISSIONS: "CON",
    Step.CHOOSE_VEHICLE: "CAR",
    Step.ADD_KEY: "KEY",
    Step.PROVE_KEY: "KEY",
    Step.SET_GOAL: "PLN",
    Step.TONIGHT: "CHG",
}
FIGURES: Final = 10_000


def support_code(step: Step, car: Vin | None, chance: int) -> SupportCode:
    """`chance` is below `FIGURES`. A code opens nothing by itself: it is for finding a case, and for saying aloud."""
    return SupportCode(f"{_LETTERS[step]}-{car.last_four if car else 'NONE'}-{chance:04d}")


def readable_code(typed: str) -> SupportCode | None:
    """A code as somebody types it, None if it is none."""
    found = re.search(r"([A-Z]{3})\W*([0-9A-Z]{4})\W*([0-9]{4})", typed.upper()[:40])
    return SupportCode("-".join(found.groups())) if found else None
