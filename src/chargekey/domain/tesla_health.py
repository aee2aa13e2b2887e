"""Whether Tesla itself is in trouble: judged across accounts, from how our latest calls went.

Rules of this room:

1. One account's refusal is that account's matter. A fault of Tesla's servers (5xx, no connection, no answer) counts
   for Tesla; a car that does not answer, or answers with an error of its own (540), does not.
2. Several accounts outweigh one. Where only one was asked, it takes several failures in a row over some time.
3. An outage is over when Tesla has answered for half a minute and twice at least, whoever asked: once may be luck.
4. Each region is judged by itself, and so is the host that renews sign-ins: one may be down alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

LOOKS_BACK: Final = timedelta(minutes=20)
ACCOUNTS_FOR_AN_OUTAGE: Final = 2
FAILURES_OF_ONE: Final = 3
"""A home of one car: three failures in a row, two minutes apart at least, before we speak of an outage."""
LASTING_FOR: Final = timedelta(minutes=2)
ANSWERS_TO_END_IT: Final = 2
ANSWERING_FOR: Final = timedelta(seconds=30)
SIGN_INS_LOOK_BACK: Final = timedelta(hours=2)
SIGN_INS_FOR_A_MASS: Final = 3


class How(StrEnum):
    """How a call went, as far as it speaks for or against Tesla."""

    ANSWERED = "answered"
    TESLAS_FAULT = "teslas_fault"
    SIGN_IN_ENDED = "sign_in_ended"


@dataclass(frozen=True, slots=True)
class Went:
    """One call: for which account, when, how it went, and in which region."""

    grant_id: int
    at: datetime
    how: How
    region: str = ""


class Weather(StrEnum):
    """What we say of Tesla as a whole."""

    FAIR = "fair"
    OUTAGE = "outage"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class TeslaHealth:
    """`failing` of the `asked` accounts met a fault of Tesla's in the latest minutes. `since` None: fair or unknown.

    `sign_ins_ended`: accounts whose sign-in Tesla ended lately, of `signed_in` that were asked within the same time:
    many at once is a mass revocation.
    """

    weather: Weather
    since: datetime | None
    asked: int
    failing: int
    sign_ins_ended: int
    judged_at: datetime
    signed_in: int = 0

    @property
    def ends_sign_ins_in_masses(self) -> bool:
        """Three accounts, and half of those asked: nobody's own doing (connect-and-pair G3)."""
        asked = self.signed_in or self.asked
        return self.sign_ins_ended >= SIGN_INS_FOR_A_MASS and 2 * self.sign_ins_ended >= asked


def judge(calls: Sequence[Went], now: datetime) -> TeslaHealth:
    """What the latest calls add up to; they may come in any order. The region that is worst off counts."""
    recent = sorted((call for call in calls if now - call.at <= LOOKS_BACK), key=lambda call: call.at)
    by_region: dict[str, list[Went]] = {}
    for call in recent:
        by_region.setdefault(call.region, []).append(call)
    down = [since for went in by_region.values() if (since := _down_since(went))]
    failing = {call.grant_id for went in by_region.values() for call in _failing(went)}
    ended, signed_in = _sign_ins(calls, now)
    return TeslaHealth(
        weather=Weather.OUTAGE if down else Weather.FAIR if recent else Weather.UNKNOWN,
        since=min(down, default=None),
        asked=len({call.grant_id for call in recent}),
        failing=len(failing),
        sign_ins_ended=ended,
        judged_at=now,
        signed_in=signed_in,
    )


def regions_down(calls: Sequence[Went], now: datetime) -> Mapping[str, datetime]:
    """Each region that is down, and since when."""
    recent = [call for call in calls if now - call.at <= LOOKS_BACK]
    found = {}
    for region in {call.region for call in recent}:
        since = _down_since(sorted((call for call in recent if call.region == region), key=lambda call: call.at))
        if since:
            found[region] = since
    return found


def is_over(calls: Sequence[Went], region: str) -> bool:
    """Whether an outage known before has ended, by the calls since it began. Without any: not known, so not over."""
    there = sorted((call for call in calls if call.region == region), key=lambda call: call.at)
    answers = _answers_at_the_end(there)
    return answers >= ANSWERS_TO_END_IT and there[-1].at - there[-answers].at >= ANSWERING_FOR


def _down_since(went: Sequence[Went]) -> datetime | None:
    """Since when one region fails, by its calls in their order; None: it does not."""
    failing = _failing(went)
    if not failing or _answers_at_the_end(went) >= ANSWERS_TO_END_IT:
        return None
    asked = {call.grant_id for call in went}
    rows = [_last_failures([call for call in went if call.grant_id == last.grant_id]) for last in failing]
    if len(failing) >= ACCOUNTS_FOR_AN_OUTAGE:
        is_down = 2 * len(failing) > len(asked)
    else:
        is_down = len(asked) == 1 and len(rows[0]) >= FAILURES_OF_ONE and rows[0][-1].at - rows[0][0].at >= LASTING_FOR
    return min(row[0].at for row in rows) if is_down else None


def _failing(went: Sequence[Went]) -> Sequence[Went]:
    """The last call of each account that failed last."""
    last = {call.grant_id: call for call in went}
    return [call for call in last.values() if call.how is How.TESLAS_FAULT]


def _answers_at_the_end(went: Sequence[Went]) -> int:
    count = 0
    for call in reversed(went):
        if call.how is How.TESLAS_FAULT:
            break
        count += 1
    return count


def _last_failures(went: Sequence[Went]) -> Sequence[Went]:
    """The unbroken row of failures at the end."""
    return went[len(went) - _failures_at_the_end(went) :]


def _failures_at_the_end(went: Sequence[Went]) -> int:
    count = 0
    for call in reversed(went):
        if call.how is not How.TESLAS_FAULT:
            break
        count += 1
    return count


def _sign_ins(calls: Sequence[Went], now: datetime) -> tuple[int, int]:
    """How many accounts' last word is that Tesla ended their sign-in, of how many that were asked."""
    lately = sorted((call for call in calls if now - call.at <= SIGN_INS_LOOK_BACK), key=lambda call: call.at)
    last = {call.grant_id: call.how for call in lately if call.how is not How.TESLAS_FAULT}
    return sum(how is How.SIGN_IN_ENDED for how in last.values()), len(last)
