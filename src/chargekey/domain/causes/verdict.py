"""What the evidence says of one cause: how certain, for what reason, and how old that is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Certainty(StrEnum):
    """What the evidence says of one cause."""

    PRESENT = "present"
    LIKELY = "likely"
    POSSIBLE = "possible"
    RULED_OUT = "ruled_out"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One cause about one case.

    `reason` is the tail of a message id (`reason.<cause>.<reason>`), `values` fill it: numbers and names that may be
    shown, never a whole VIN. `seen_at` None: it rests on nothing that was seen at a moment.
    """

    certainty: Certainty
    reason: str
    seen_at: datetime | None = None
    values: Mapping[str, str] = field(default_factory=dict)


def present(reason: str, seen_at: datetime | None = None, **values: str) -> Verdict:
    return Verdict(Certainty.PRESENT, reason, seen_at, values)


def likely(reason: str, seen_at: datetime | None = None, **values: str) -> Verdict:
    return Verdict(Certainty.LIKELY, reason, seen_at, values)


def possible(reason: str, seen_at: datetime | None = None, **values: str) -> Verdict:
    return Verdict(Certainty.POSSIBLE, reason, seen_at, values)


def ruled_out(reason: str, seen_at: datetime | None = None, **values: str) -> Verdict:
    return Verdict(Certainty.RULED_OUT, reason, seen_at, values)


def unknown(reason: str, seen_at: datetime | None = None, **values: str) -> Verdict:
    return Verdict(Certainty.UNKNOWN, reason, seen_at, values)
