"""The operator's page, and what a driver sees while our own side closes his way."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from chargekey.domain.findings import Closed
from chargekey.domain.operator_check import State
from chargekey.entrypoints.web.upkeep_words import Noticed
from chargekey.journeys.keep_to_budget import MonthOfHome


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the check, in words. `cause`: its id, "" where it is none of the catalogue."""

    name: str
    state: State
    state_name: str
    saw: str
    to_do: str
    at: datetime | None
    cause: str = ""


@dataclass(frozen=True, slots=True)
class OperatorCheck:
    """Wrong ones first and each with what to do; then everything else. `told_at`: the operators' mail.

    `month`: what Tesla's API has cost; None: not asked. `given_up`: work that failed ten times
    and waits for an operator.
    """

    template: ClassVar[str] = "operator/check.html"
    wrong: tuple[Row, ...]
    others: tuple[Row, ...]
    looked_at: datetime | None
    next_look_at: datetime | None
    told_at: datetime | None
    given_up: tuple[Noticed, ...] = ()
    month: MonthOfHome | None = None


@dataclass(frozen=True, slots=True)
class OurSideNotReady:
    """A driver must not be sent on. `causes` are ids; `told_at` None: the operators are not told yet."""

    template: ClassVar[str] = "operator/not_ready.html"
    closed: Closed
    causes: tuple[str, ...]
    what: tuple[str, ...]
    seen_at: datetime | None
    told_at: datetime | None
    next_look_at: datetime | None
    mail: str
