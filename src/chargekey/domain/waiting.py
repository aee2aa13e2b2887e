"""What nobody here can mend: how long we wait, when we look again, and when we stop looking.

Rules of this room:

1. A wait is for causes that are present and hold `WAITS`; where nothing but the driver's words could tell, for the
   likeliest suspect that holds so.
2. It is bounded, and each cause is looked at as often and as long as its own rule says: so many looks at its pace.
3. What no look can settle is over when its time is over: then the driver tries again himself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chargekey.domain.causes.cause import Cause, Hold, Who
from chargekey.domain.causes.looks import Look
from chargekey.domain.diagnosis import Diagnosis, Finding, Odds
from chargekey.domain.findings import Waits

LOOKS_WITHOUT_A_NUMBER: Final = 96
"""Where a rule names an interval and no end: as many looks as quarters of an hour in a day."""


TRY_AGAIN_AFTER: Final = timedelta(hours=1)
"""For what only a further trip to Tesla can show: somebody here has to change it first."""
ASKED_IN_VAIN: Final = "A2"
ELSEWHERE: Final = frozenset({Who.OPERATOR, Who.US, Who.TESLA})


@dataclass(frozen=True, slots=True)
class Outlook:
    """When we look next. `at` None: not any more by ourselves. `by_time`: then it is the driver's turn to try."""

    at: datetime | None
    by_time: bool


def waited_for(diagnosis: Diagnosis) -> tuple[Finding, ...]:
    """What holds the driver up without being anybody's here to mend; empty where he can go on."""
    there = tuple(one for one in diagnosis.present if holds_up(one.cause))
    if there or not diagnosis.suspects:
        return there
    first = diagnosis.suspects[0]
    waits = first.odds is Odds.LIKELY and first.first.cause.hold is Hold.WAITS and first.first.cause.retry.every
    return (first.first,) if waits else ()


def holds_up(cause: Cause) -> bool:
    """Whether it only takes time, or somebody who does not read this page."""
    if cause.retry.every is None:
        return False
    return cause.hold is Hold.WAITS or (cause.hold is Hold.FORBIDS and cause.who in ELSEWHERE)


def may_work_at(present: Sequence[Finding], now: datetime) -> datetime | None:
    """When it is worth a try to go to Tesla again, where no look but the try itself can tell; None: now.

    What holds the driver up and is not his stays as it is for a while, and so does what Tesla has just given twice.
    """
    stays = [one for one in present if holds_back(one.cause) and one.verdict.seen_at]
    again = [one.verdict.seen_at + (one.cause.retry.every or TRY_AGAIN_AFTER) for one in stays if one.verdict.seen_at]
    return max((at for at in again if at > now), default=None)


def holds_back(cause: Cause) -> bool:
    """Whether a driver who goes on to Tesla in spite of it comes back as he went."""
    return cause.id == ASKED_IN_VAIN or (cause.who is not Who.DRIVER and cause.hold is not Hold.LETS)


def is_watched_for_all(cause: Cause) -> bool:
    """Whether it is noticed, and told when over, for all drivers at once, so that nobody looks for one alone."""
    return cause.settled_by == (Look.TESLA_HEALTH,)


def next_look(causes: Sequence[Cause], since: datetime, looked_at: datetime) -> Outlook:
    """In a wait since `since`, after the last look (or the beginning) at `looked_at`."""
    paces = _paces(causes, looked_at - since)
    if not paces:
        return Outlook(None, False)
    return Outlook(looked_at + min(paces.values()), all(one.is_unseen for one in causes if one.id in paces))


def due_now(causes: Sequence[Cause], since: datetime, looked_at: datetime, now: datetime) -> tuple[Cause, ...]:
    """Those that are looked at now: all at the first look, then each at its own pace."""
    before, waited = looked_at - since, now - since
    paces = _paces(causes, before)
    return tuple(
        one for one in causes if one.id in paces and (not before or before // paces[one.id] < waited // paces[one.id])
    )


def _paces(causes: Sequence[Cause], waited: timedelta) -> Mapping[str, timedelta]:
    """How often those are looked at that are looked at still after so long."""
    return {
        one.id: one.retry.every
        for one in causes
        if one.retry.every and waited < one.retry.every * (one.retry.at_most or LOOKS_WITHOUT_A_NUMBER)
    }


def is_about(waits: Waits | None, vehicle_id: int | None) -> bool:
    """Whether a wait that was written down is about this vehicle."""
    return waits is not None and waits.vehicle_id == vehicle_id
