"""Charging that began or ended by nobody's order of ours: when it was seen, and who it was most likely.

Rules of this room:

1. Only what the car itself reported counts, from one report to the next: it rested and then it drew, or the other way
   round, with the cable in both times. When exactly it was in between, nobody knows.
2. Ours are our orders, those whose answer was lost included, and the edges of our schedules in the car. What a car does
   by itself is nobody's: it is full, its limit is reached, no power comes or comes back, and in the first minutes of a
   plug-in it makes up its mind.
3. A schedule that somebody else set and that has an edge just then is the likely one. Of all others a car does not say
   whether it was its driver at the screen, Tesla's app, or another program that he allowed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final

from chargekey.domain.car_schedules import OVERRUN, CarSchedule, runs
from chargekey.domain.evidence import ChargeState, Charging, Observation
from chargekey.domain.night import Command, Order

SETTLES_WITHIN: Final = timedelta(minutes=5)
"""After plug-in a car first begins, then looks at its schedules and waits, or begins once more."""
EARLY: Final = timedelta(minutes=2)
"""An order shows in the car after it was sent, and a schedule begins with its minute."""
_STARTS: Final = (Order.START, Order.REMOVE_SCHEDULE)
"""A car whose schedule is removed may begin at once (TeslaSolarCharger #689)."""
_STOPS: Final = (Order.STOP, Order.ADD_SCHEDULE)
"""And one that is given a schedule waits for it."""


class Likely(StrEnum):
    """Who it was."""

    HIS_SCHEDULE = "his_schedule"
    SOMEBODY = "somebody"


@dataclass(frozen=True, slots=True)
class NotOurs:
    """`began` False: it ended. `seen_at`: the first report that shows it. `schedule`: the one that it likely was."""

    seen_at: datetime
    began: bool
    likely: Likely
    schedule: CarSchedule | None = None


def not_ours(
    reports: Sequence[Observation], commands: Sequence[Command], schedules: Iterable[CarSchedule], zone: str
) -> tuple[NotOurs, ...]:
    """Of one night, in order. `schedules`: all that the car is known to have had in it, ours and others."""
    found, known = [], tuple(schedules)
    for before, after in pairwise(reports):
        began = _turn(before, after)
        if began is None or after.observed_at - reports[0].observed_at < SETTLES_WITHIN:
            continue
        since, until = before.observed_at - EARLY, after.observed_at
        ordered = [one for one in commands if one.sent_at and since <= one.sent_at <= until]
        if any(one.order in (_STARTS if began else _STOPS) for one in ordered):
            continue
        edges = [one for one in known if _has_edge(one, since, until, zone, begins=began)]
        if any(one.is_ours for one in edges):
            continue
        likely = Likely.HIS_SCHEDULE if edges else Likely.SOMEBODY
        found.append(NotOurs(after.observed_at, began, likely, edges[0] if edges else None))
    return tuple(found)


def _turn(before: Observation, after: Observation) -> bool | None:
    """Whether it began in between, False if it ended; None: neither, or by itself."""
    then, now = before.fact, after.fact
    if not isinstance(then, ChargeState) or not isinstance(now, ChargeState):
        return None
    if now.drawing and then.charging is Charging.STOPPED:
        return True
    if then.drawing and now.charging is Charging.STOPPED:
        soc, limit = now.soc_percent, now.limit_percent
        return None if soc is not None and limit is not None and soc >= limit else False
    return None


def _has_edge(schedule: CarSchedule, since: datetime, until: datetime, zone: str, *, begins: bool) -> bool:
    """Whether the schedule begins, or ends, in that span of time. One of ours may run over."""
    if not schedule.enabled or (schedule.start_minute if begins else schedule.end_minute) is None:
        return False
    first = since - (OVERRUN if schedule.is_ours else timedelta())
    return any(edge and first <= edge <= until for edge in (run[not begins] for run in runs(schedule, first, zone)))
